import { expect, test } from 'vitest';
import type { AuditEntry, CallView, LimitsView, LimitUses } from '../../../registry/contract/index.ts';
import { killRegistry } from '../../support/faults/inject/restart-registry.ts';
import { countReloads } from '../../support/faults/observe/find-processes.ts';
import type { Site } from '../../support/faults/start-site.ts';
import { ask, callBody } from '../../support/nginx/ask.ts';
import { waitFor } from '../../support/wait-for.ts';

/** Limits; the last test kills the registry. `site` is started before the tests. */
export function testLimits(site: Site): void {
  const call = (key: string, path = 'calm', tool = 'look') =>
    ask(site.gateway.url, `/${path}`, { key, body: callBody(tool) });

  async function countPassed(key: string, calls: number, path?: string): Promise<number> {
    const replies = await Promise.all(Array.from({ length: calls }, () => call(key, path)));
    return replies.filter(({ status }) => status === 200).length;
  }
  const set = (path: string, body: object) => site.gateway.admin.must<LimitsView>('PUT', `/api/${path}/limits`, body);
  const use = async (path: string) =>
    (await site.gateway.admin.must<LimitUses>('GET', `/api/${path}/limits/use`)).items;

  test('limits apply from the next request on without a reload, and their usage is reported', async () => {
    const { gateway } = site;
    const reloads = countReloads(gateway);
    const { name, key } = await gateway.createAgent(['*']);
    expect(await use(`agents/${name}`)).toEqual([]);
    const rules = [
      { callsPerDay: 5, concurrentCalls: 10 },
      { server: 'calm', tool: 'look*', requestsPerSecond: 0.001, burst: 4 },
    ];
    await set(`agents/${name}`, { zone: 'Pacific/Kiritimati', rules });
    expect(await countPassed(key, 10)).toBe(4);
    const [day, rate] = await use(`agents/${name}`);
    expect(day).toMatchObject({
      of: 'agent',
      name,
      callsToday: { used: 4, limit: 5 },
      concurrentCalls: { used: 0, limit: 10 },
    });
    // Kiritimati is fourteen hours ahead of UTC.
    expect(day?.callsToday?.resetsAt).toMatch(/T10:00:00\.000Z$/);
    expect(rate).toMatchObject({ rule: rules[1], requests: { used: 4, limit: 4 } });
    await set(`agents/${name}`, { zone: 'Pacific/Kiritimati', rules: [{ callsPerDay: 6 }] });
    // Calls already counted stay counted.
    expect(await countPassed(key, 10)).toBe(2);
    await set(`agents/${name}`, { rules: [] });
    expect(await countPassed(key, 3)).toBe(3);
    expect(countReloads(gateway)).toBe(reloads);
  });

  test('limits of a group or a server apply to all agents together, or to each agent', async () => {
    const { gateway } = site;
    const [one, two] = [await gateway.createAgent(['*']), await gateway.createAgent(['*'])];
    await gateway.admin.must('POST', '/api/groups', { name: 'guests' });
    for (const { name } of [one, two]) await gateway.admin.must('PATCH', `/api/agents/${name}`, { groups: ['guests'] });
    await set('groups/guests', { rules: [{ callsPerDay: 5 }, { perAgent: true, callsPerDay: 3 }] });
    expect([await countPassed(one.key, 9), await countPassed(two.key, 9)]).toEqual([3, 2]);
    expect(await use('groups/guests')).toMatchObject([{ of: 'group', callsToday: { used: 5, limit: 5 } }]);
    expect((await use(`agents/${two.name}`)).map(({ callsToday }) => callsToday?.used)).toEqual([5, 2]);
    await gateway.admin.must('DELETE', '/api/groups/guests');
    await set('servers/calm', { rules: [{ callsPerDay: 4 }, { perAgent: true, callsPerDay: 3 }] });
    expect([await countPassed(one.key, 9), await countPassed(two.key, 9)]).toEqual([3, 1]);
    expect(await use('servers/calm')).toMatchObject([{ of: 'server', name: 'calm', callsToday: { used: 4 } }]);
    await set('servers/calm', { rules: [] });
  });

  test('a call refused by a limit is logged with the name of the limit', async () => {
    const { gateway } = site;
    const { name, key } = await gateway.createAgent(['*']);
    await set(`agents/${name}`, { rules: [{ callsPerDay: 0 }] });
    expect((await call(key)).status).toBe(429);
    const found = await waitFor('the call to be stored', async () => {
      const page = await gateway.admin.must<{ items: CallView[] }>('GET', `/api/calls?agent=${name}&verdict=limited`);
      return page.items[0];
    });
    expect(found).toMatchObject({ status: 429, verdict: 'limited', reason: 'agent_calls_per_day', tools: ['look'] });
  });

  test('a change is audited; one with an outdated revision or an invalid rule is refused, the latter with the field', async () => {
    const { admin } = site.gateway;
    const { name } = await site.gateway.createAgent([]);
    const path = `/api/agents/${name}/limits`;
    const first = await admin.ask<LimitsView>('PUT', path, { rules: [{ callsPerDay: 5 }] });
    const etag = first.headers.get('etag') ?? '';
    await admin.must('PUT', path, { rules: [{ callsPerDay: 6 }] });
    expect((await admin.ask('PUT', path, { rules: [] }, { 'if-match': etag })).status).toBe(412);
    const audit = await admin.must<{ items: AuditEntry[] }>('GET', `/api/audit?target=agent:${name}`);
    expect(audit.items[0]).toMatchObject({
      action: 'agent.limits_changed',
      before: { rules: [{ callsPerDay: 5 }] },
      after: { zone: 'UTC', rules: [{ callsPerDay: 6 }] },
    });
    for (const [rules, field, message] of [
      [[{}], 'rules.0', 'limits nothing'],
      [[{ burst: 5 }], 'rules.0.burst', 'needs requestsPerSecond'],
      [[{ tool: 'a', concurrentStreams: 1 }], 'rules.0.concurrentStreams', 'belongs to no tool'],
      [[{ server: 'a', largeBodies: 1 }], 'rules.0.largeBodies', 'without server and tool'],
      [[{ callsPerDay: 1 }, { callsPerDay: 2 }], 'rules.1', 'covers the same'],
      [[{ requestsPerSecond: 0 }], 'rules.0.requestsPerSecond', ''],
      [[{ callsPerDay: -1 }], 'rules.0.callsPerDay', ''],
    ] as const) {
      const refused = await admin.ask<{ errors: { field: string; message: string }[] }>('PUT', path, { rules });
      expect(refused.status).toBe(422);
      expect(refused.body.errors[0]?.field).toBe(field);
      expect(refused.body.errors[0]?.message).toContain(message);
    }
    expect((await admin.ask('PUT', path, { zone: 'Mars/Phobos', rules: [] })).status).toBe(422);
    expect((await admin.ask('GET', '/api/agents/nobody/limits')).status).toBe(404);
    expect((await admin.ask('GET', '/api/servers/nowhere/limits/use')).status).toBe(404);
  });

  test('a new agent gets the default limits of the settings', async () => {
    const { admin } = site.gateway;
    const agentLimits = { zone: 'UTC', rules: [{ callsPerDay: 2 }] };
    await admin.must('PATCH', '/api/settings', { agentLimits });
    const { name, key } = await site.gateway.createAgent(['*']);
    await admin.must('PATCH', '/api/settings', { agentLimits: { rules: [] } });
    expect(await admin.must('GET', `/api/agents/${name}/limits`)).toMatchObject(agentLimits);
    expect(await countPassed(key, 5)).toBe(2);
  });

  test('limits apply while the registry is not running', async () => {
    const { gateway } = site;
    const { name, key } = await gateway.createAgent(['*']);
    await set(`agents/${name}`, { rules: [{ callsPerDay: 6 }] });
    await killRegistry(gateway);
    expect(await countPassed(key, 20)).toBe(6);
  });
}
