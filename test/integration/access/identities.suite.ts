import { expect, test } from 'vitest';
import { countReloads } from '../../support/faults/observe/find-processes.ts';
import { openStream } from '../../support/faults/load/open-stream.ts';
import { expectNothingLost } from '../../support/faults/load/expect-nothing-lost.ts';
import type { Site } from '../../support/faults/start-site.ts';
import { ask, callBody } from '../../support/nginx/ask.ts';
import { waitFor } from '../../support/wait-for.ts';

/** Groups and keys. `site` is started before the tests. */
export function testIdentities(site: Site): void {
  /** The reason for which the gate refuses a call, or `passed`. */
  async function call(key: string, path = 'calm', body = '{"jsonrpc":"2.0","id":1,"method":"ping"}'): Promise<string> {
    const reply = await ask(site.gateway.url, `/${path}/mcp`, { key, body });
    return (reply.json as { error?: { data?: { reason: string } } } | undefined)?.error?.data?.reason ?? 'passed';
  }
  const must = <Answer>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
    site.gateway.admin.must<Answer>(method, `/api/${path}`, body);

  test('a change of a group takes effect on the next request of each of its agents, under load, without a reload', async () => {
    const { gateway } = site;
    await must('POST', 'groups', { name: 'callers', grants: [{ server: 'calm' }] });
    const [one, two] = [await gateway.createAgent([]), await gateway.createAgent(['ticking'])];
    expect(await call(one.key)).toBe('not_granted');
    const reloads = countReloads(gateway);
    const load = site.load();
    for (const { name } of [one, two]) await must('PATCH', `agents/${name}`, { groups: ['callers'] });
    for (let round = 0; round < 5; round += 1) {
      for (const { key } of [one, two]) expect(await call(key)).toBe('passed');
      await must('PUT', 'groups/callers/grants', [{ server: 'calm', tools: ['get_*'] }]);
      for (const { key } of [one, two]) {
        expect(await call(key, 'calm', callBody('get_time'))).toBe('passed');
        expect(await call(key, 'calm', callBody('echo'))).toBe('tool_not_granted');
      }
      await must('PUT', 'groups/callers/grants', [{ server: 'calm' }]);
    }
    await must('DELETE', 'groups/callers');
    for (const { key } of [one, two]) expect(await call(key)).toBe('not_granted');
    expect(await call(two.key, 'ticking')).toBe('passed');
    expectNothingLost(await load.stop());
    expect(countReloads(gateway)).toBe(reloads);
  });

  test('a deny of a group overrides the grants of its agents', async () => {
    const { gateway } = site;
    await must('POST', 'groups', { name: 'no-echo', grants: [{ server: '*', tools: ['echo'], effect: 'deny' }] });
    const { name, key } = await gateway.createAgent(['*']);
    expect(await call(key, 'calm', callBody('echo'))).toBe('passed');
    await must('PATCH', `agents/${name}`, { groups: ['no-echo'] });
    expect(await call(key, 'calm', callBody('ECHO'))).toBe('tool_not_granted');
    expect(await call(key, 'calm', callBody('other'))).toBe('passed');
  });

  test('a key that is restricted to servers is refused at others, and its streams there are closed', async () => {
    const { gateway } = site;
    const { name, key, keyId } = await gateway.createAgent(['*']);
    const [stays] = await site.streams(1);
    const ends = await openStream(`${gateway.url}/ticking/mcp`, { key });
    expect(await call(key, 'ticking')).toBe('passed');
    await must('PATCH', `agents/${name}/keys/${keyId}`, { servers: ['calm'] });
    expect(await call(key)).toBe('passed');
    expect(await call(key, 'ticking')).toBe('not_granted');
    await waitFor('its stream to end', () => ends.ended() !== null);
    await stays?.more(2);
    const free = await must<{ key: string }>('POST', `agents/${name}/keys`, {});
    expect(await call(free.key, 'ticking')).toBe('passed');
  });

  test('a rotated key works until the overlap ends; without an overlap it is refused at once', async () => {
    const { gateway } = site;
    const { name, key, keyId } = await gateway.createAgent(['calm']);
    const second = await must<{ key: string; id: string }>('POST', `agents/${name}/keys/${keyId}/rotate`, {
      overlapHours: 1,
    });
    expect([await call(key), await call(second.key)]).toEqual(['passed', 'passed']);
    const third = await must<{ key: string }>('POST', `agents/${name}/keys/${second.id}/rotate`, { overlapHours: 0 });
    expect([await call(second.key), await call(third.key)]).toEqual(['key_expired', 'passed']);
    const short = 1 / 3_600;
    await must('POST', `agents/${name}/keys/${keyId}/rotate`, { overlapHours: short });
    await waitFor('the overlap to end', async () => (await call(key)) === 'key_expired');
  });
}
