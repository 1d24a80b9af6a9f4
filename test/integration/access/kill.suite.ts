import { beforeAll, expect, test } from 'vitest';
import type { KillView } from '../../../registry/contract/index.ts';
import { killRegistry } from '../../support/faults/inject/restart-registry.ts';
import { countReloads, findRegistry } from '../../support/faults/observe/find-processes.ts';
import { openStream } from '../../support/faults/load/open-stream.ts';
import type { Site } from '../../support/faults/start-site.ts';
import { ask } from '../../support/nginx/ask.ts';
import { waitFor } from '../../support/wait-for.ts';

/** Kill switches. `site` is started before the tests. */
export function testKillSwitches(site: Site): void {
  let other: { name: string; key: string };
  beforeAll(async () => {
    other = await site.gateway.createAgent(['*'], { role: 'admin' });
  });

  async function call(key: string, path = 'calm'): Promise<string> {
    const reply = await ask(site.gateway.url, `/${path}`, { key, body: '{"jsonrpc":"2.0","id":1,"method":"ping"}' });
    const { error } = reply.json as { error?: { code: number; message: string; data: { reason: string } } };
    return error?.code === -32055 ? `${error.data.reason}: ${error.message}` : 'passed';
  }
  const kill = (input: object) => site.gateway.admin.must<KillView>('POST', '/api/kill', input);
  const lift = ({ id }: KillView) => site.gateway.admin.must('DELETE', `/api/kill/${id}`);

  test('a kill switch stops an agent, a server or everything from the next request on, with its reason, without a reload, and closes no other stream', async () => {
    const { gateway, key } = site;
    const reloads = countReloads(gateway);
    const mine = await gateway.createAgent(['*']);
    const [stays, ends] = await Promise.all([
      site.streams(1),
      openStream(`${gateway.url}/ticking/mcp`, { key: mine.key }).then((stream) => [stream]),
    ]);
    const killed = await kill({ scope: 'agent', target: mine.name, reason: 'it runs wild' });
    expect(await call(mine.key)).toBe(`killed: all calls of the agent ${mine.name} are stopped: it runs wild`);
    expect(await call(key)).toBe('passed');
    await waitFor('its stream to end', () => ends[0]?.ended() !== null);
    await stays[0]?.more(2);
    await lift(killed);
    expect(await call(mine.key)).toBe('passed');

    const server = await kill({ scope: 'server', target: 'ticking', reason: 'it leaks' });
    expect(await call(key, 'ticking')).toBe('killed: all calls to ticking are stopped: it leaks');
    expect(await call(key)).toBe('passed');
    await waitFor('the streams of the server to end', () => stays[0]?.ended() !== null);
    await lift(server);
    expect(await call(key, 'ticking')).toBe('passed');

    const all = await kill({ scope: 'all', reason: 'an incident' });
    expect(await call(key)).toBe('killed: all calls through this gateway are stopped: an incident');
    const listed = await gateway.admin.must<{ items: KillView[] }>('GET', '/api/kill');
    expect(listed.items).toEqual([all]);
    expect(all).toMatchObject({ scope: 'all', target: null, reason: 'an incident', by: 'admin' });
    await lift(all);
    expect(await call(key)).toBe('passed');
    expect(countReloads(gateway)).toBe(reloads);
  });

  test('a kill switch survives a killed registry and a publish, and a stopped agent cannot lift it', async () => {
    const { gateway, key } = site;
    const outcome = (word: string) => async () => (await call(key)).startsWith(word);
    const all = await kill({ scope: 'all', reason: 'an incident' });
    const agent = await kill({ scope: 'agent', target: other.name, reason: 'taken over' });
    const before = findRegistry(gateway);
    await killRegistry(gateway);
    expect(await outcome('killed')()).toBe(true);
    await waitFor('another registry', async () => {
      const { status } = await fetch(`${gateway.url}/readyz`);
      return status === 200 && findRegistry(gateway) !== before;
    });
    await gateway.register({ path: 'later', url: site.calm.url });
    expect(await outcome('killed')()).toBe(true);

    const headers = { authorization: `Bearer ${other.key}` };
    const refused = await fetch(`${gateway.url}/api/kill/${agent.id}`, { method: 'DELETE', headers });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('taken over') as string });
    await lift(all);
    expect(await outcome('passed')()).toBe(true);
    await lift(agent);
    expect(await call(other.key)).toBe('passed');

    const unknown = await gateway.admin.ask<{ code: string }>('POST', '/api/kill', {
      scope: 'server',
      target: 'nowhere',
      reason: 'x',
    });
    expect(unknown.status).toBe(404);
    const { status } = await gateway.admin.ask('POST', '/api/kill', { scope: 'agent', reason: 'x' });
    expect(status).toBe(422);
  });
}
