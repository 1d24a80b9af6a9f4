import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LimitFile } from '../../../../registry/contract/gate/access-files.ts';
import { ask, callBody } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { rule, startLimitedGate, type LimitedAnswer, type LimitedGate } from './limited-gate.ts';

const INSTANCES = [{ id: 'i1', up: true }];
/** So slow that nothing is refilled while a test runs. */
const SLOW = 0.001;
const KINDS = [
  { name: 'requests_per_second', amounts: { perSecond: SLOW, burst: 1 }, passes: 1 },
  { name: 'concurrent_calls', amounts: { calls: 0 }, passes: 0 },
  { name: 'concurrent_streams', amounts: { streams: 0 }, passes: 0 },
  { name: 'calls_per_day', amounts: { perDay: 1 }, passes: 1 },
];
const CASES = (['agent', 'group', 'server', 'tool'] as const).flatMap((owner) =>
  KINDS.filter(({ name }) => owner !== 'tool' || name !== 'concurrent_streams').map((one) => ({ owner, ...one })),
);

describe.each(NGINX_KINDS)('each kind of limit in $name NGINX', (kind) => {
  let on: LimitedGate;
  let agents = 0;
  beforeAll(async () => {
    on = await startLimitedGate(kind);
  });
  afterAll(() => on.close());

  /** A key to which these rules apply, and another to which they do not. */
  function addKeys(rules: LimitFile[], of: LimitFile['of']): { key: string; other: string } {
    agents += 1;
    const key = on.gate.access.addAgent(`agent-${agents}`, of === 'server' ? {} : { limits: rules });
    if (of === 'server') on.gate.access.putServer('s0', { instances: INSTANCES, limits: rules });
    return { key, other: on.gate.access.addAgent(`other-${agents}`) };
  }

  test.each(CASES)('$name of one $owner', async ({ owner, name, amounts, passes }) => {
    const of = owner === 'tool' ? 'agent' : owner;
    const limit = rule({ of, name: `${owner}-${name}`, ...(owner === 'tool' && { tool: 'look' }), ...amounts });
    const { key, other } = addKeys([limit], of);
    const isStream = name === 'concurrent_streams';
    const send = (with_: string, path = '/weather') =>
      isStream ? ask(on.gate.url, path, { method: 'GET', key: with_ }) : on.call(with_, 'look', path);
    for (let n = 0; n < passes; n += 1) expect((await send(key)).status).toBe(200);
    const refused = await send(key);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    const { error } = refused.json as LimitedAnswer;
    expect(error.code).toBe(-32059);
    expect(error.data.reason).toBe(`${of}_${name}`);
    expect(error.data.limit).toMatchObject({ of, owner: `${owner}-${name}`, tool: owner === 'tool' ? 'look' : null });
    // Not covered by the rule: another tool, another server, another agent.
    if (owner === 'tool') expect((await on.call(key, 'drop')).status).toBe(200);
    if (owner === 'server' && !isStream) expect((await send(key, '/team/search')).status).toBe(200);
    if (owner === 'agent' && !isStream) expect((await send(other)).status).toBe(200);
    on.gate.access.putServer('s0', { instances: INSTANCES });
  });

  test('concurrent streams are counted until they end', async () => {
    const limit = rule({ name: 'ida', streams: 1 });
    const key = on.gate.access.addAgent('ida', { limits: [limit] });
    const open = () =>
      fetch(`${on.gate.url}/weather`, { headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream' } });
    const first = await open();
    expect(first.status).toBe(200);
    const second = await open();
    expect([second.status, ((await second.json()) as LimitedAnswer).error.data.reason]).toEqual([
      429,
      'agent_concurrent_streams',
    ]);
    expect((await on.call(key)).status).toBe(200);
    await first.body?.cancel();
    await waitFor('no stream open', async () => (await on.counted(limit)).streams === 0);
    const third = await open();
    expect(third.status).toBe(200);
    await third.body?.cancel();
  });

  test('large bodies are counted while they are read, and refused before they are read', async () => {
    const limit = rule({ name: 'jon', largeBodies: 1 });
    const key = on.gate.access.addAgent('jon', { limits: [limit] });
    const large = callBody('look').replace('{', `{"x":"${'y'.repeat(200_000)}",`);
    const begun = request(`${on.gate.url}/weather`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-length': large.length },
    });
    const answered = once(begun, 'response') as Promise<[IncomingMessage]>;
    begun.write(large.slice(0, 1_000));
    await waitFor('the body in progress', async () => (await on.counted(limit)).largeBodies === 1);
    const refused = await ask(on.gate.url, '/weather', { key, body: large });
    expect(refused.status).toBe(429);
    expect(refused.json).toMatchObject({ id: null, error: { data: { reason: 'agent_large_bodies' } } });
    const misnamed = await ask(on.gate.url, '/weather', { key, headers: { Content_Length: '1' }, body: large });
    expect(misnamed.status).toBe(429);
    expect((await on.call(key)).status).toBe(200);
    begun.end(large.slice(1_000));
    const [reply] = await answered;
    expect([reply.statusCode, (await text(reply)).includes('result')]).toEqual([200, true]);
    await waitFor('no body in progress', async () => (await on.counted(limit)).largeBodies === 0);
    expect((await ask(on.gate.url, '/weather', { key, body: large })).status).toBe(200);
  });
});
