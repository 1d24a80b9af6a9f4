import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, callBody, type Reply } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { rule, startLimitedGate, type LimitedAnswer, type LimitedGate } from './limited-gate.ts';

/** So slow that nothing is refilled while a test runs. */
const SLOW = 0.001;

const statuses = (replies: Reply[]) => ({
  passed: replies.filter(({ status }) => status === 200).length,
  limited: replies.filter(({ status }) => status === 429).length,
});
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

describe.each(NGINX_KINDS)('limits in $name NGINX', (kind) => {
  let on: LimitedGate;
  beforeAll(async () => {
    on = await startLimitedGate(kind);
  });
  afterAll(() => on.close());

  test('a rate allows a burst, and a refusal states when the next request is allowed', async () => {
    const key = on.gate.access.addAgent('ann', { limits: [rule({ perSecond: SLOW, burst: 3 })] });
    const before = Date.now();
    const replies = await Promise.all(times(40, () => on.call(key)));
    expect(statuses(replies)).toEqual({ passed: 3, limited: 37 });
    const limited = replies.find(({ status }) => status === 429);
    const answer = limited?.json as LimitedAnswer;
    expect(answer).toMatchObject({
      id: 1,
      error: {
        code: -32059,
        data: {
          status: 429,
          reason: 'agent_requests_per_second',
          limit: { name: 'requestsPerSecond', of: 'agent', owner: 'ann', tool: null, value: SLOW },
        },
      },
    });
    const retryS = Number(limited?.headers['retry-after']);
    expect(retryS).toBeGreaterThan(900);
    expect(retryS).toBeLessThanOrEqual(1_000);
    const resetsAt = Date.parse(answer.error.data.limit.resetsAt ?? '');
    expect(resetsAt).toBeGreaterThan(before + 900_000);
    const limitedLines = () => on.gate.calls().filter(({ verdict }) => verdict === 'limited');
    // NGINX writes a line after its response.
    await waitFor('a line of each response', () => limitedLines().length >= 37);
    const lines = limitedLines();
    expect(lines).toHaveLength(37);
    expect(lines[0]).toMatchObject({
      reason: 'agent_requests_per_second',
      tools: ['look'],
    });
  });

  test('a bucket is refilled', async () => {
    const key = on.gate.access.addAgent('ben', { limits: [rule({ name: 'ben', perSecond: 20, burst: 1 })] });
    await on.call(key);
    await waitFor('another request to be allowed', async () => (await on.call(key)).status === 200);
  });

  test('each message of a batch counts; a batch that can never pass is refused with a hint', async () => {
    const key = on.gate.access.addAgent('cat', { limits: [rule({ name: 'cat', perSecond: SLOW, burst: 5 })] });
    const batch = (count: number) => `[${times(count, (n) => callBody('look', n)).join(',')}]`;
    const send = (count: number) => ask(on.gate.url, '/weather', { key, body: batch(count) });
    const tooMuch = await send(6);
    expect(tooMuch.status).toBe(429);
    expect((tooMuch.json as LimitedAnswer).error.data.hint).toContain('smaller batches');
    expect((await send(3)).status).toBe(200);
    expect((await send(3)).status).toBe(429);
    expect((await send(2)).status).toBe(200);
  });

  test('a quota counts calls of a day; other requests and refused calls do not count', async () => {
    const key = on.gate.access.addAgent('dan', {
      grants: [{ server: '*', tools: ['look'] }],
      limits: [rule({ name: 'dan', perDay: 4 })],
    });
    const other = (method: string) =>
      ask(on.gate.url, '/weather', { key, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: {} }) });
    for (const method of ['initialize', 'ping']) expect((await other(method)).status).toBe(200);
    for (let n = 0; n < 6; n += 1) expect((await on.call(key, 'drop')).status).toBe(403);
    const replies = await Promise.all(times(20, () => on.call(key)));
    expect(statuses(replies)).toEqual({ passed: 4, limited: 16 });
    const limited = replies.find(({ status }) => status === 429)?.json as LimitedAnswer;
    expect(limited.error.data.limit).toMatchObject({ name: 'callsPerDay', value: 4 });
    const midnight = new Date();
    midnight.setUTCHours(24, 0, 0, 0);
    expect(limited.error.data.limit.resetsAt).toBe(midnight.toISOString().replace('.000Z', 'Z'));
    expect((await other('ping')).status).toBe(200);
  });

  test('a rule for tools counts their calls, regardless of letter case, and no others', async () => {
    const key = on.gate.access.addAgent('eve', {
      limits: [rule({ name: 'eve', tool: 'send_*', perDay: 2 }), rule({ name: 'eve', server: 'team/*', perDay: 1 })],
    });
    expect((await on.call(key, 'send_mail')).status).toBe(200);
    expect((await on.call(key, 'SEND_letter')).status).toBe(200);
    expect((await on.call(key, 'Send_Mail')).status).toBe(429);
    expect((await on.call(key, 'look')).status).toBe(200);
    expect((await on.call(key, 'look', '/team/search')).status).toBe(200);
    expect((await on.call(key, 'look', '/team/search')).status).toBe(429);
  });

  test('rules of a server count all agents together, or each separately; a call that one rule refuses does not count for others', async () => {
    const instances = [{ id: 'i1', up: true }];
    const one = on.gate.access.addAgent('fay');
    const two = on.gate.access.addAgent('gil', { limits: [rule({ name: 'gil', perDay: 5 })] });
    on.gate.access.putServer('s0', {
      instances,
      limits: [
        rule({ of: 'server', name: 'weather', tool: 'look', perDay: 5 }),
        rule({ of: 'server', name: 'weather', perAgent: true, perDay: 4 }),
      ],
    });
    expect(statuses(await Promise.all(times(10, () => on.call(one))))).toEqual({ passed: 4, limited: 6 });
    const replies = await Promise.all(times(10, () => on.call(two)));
    expect(statuses(replies)).toEqual({ passed: 1, limited: 9 });
    const limited = replies.find(({ status }) => status === 429)?.json as LimitedAnswer;
    expect(limited.error.data).toMatchObject({
      reason: 'server_calls_per_day',
      limit: { owner: 'weather', tool: 'look' },
    });
    on.gate.access.putServer('s0', { instances });
    // One of its own five was used.
    expect(statuses(await Promise.all(times(10, () => on.call(two))))).toEqual({ passed: 4, limited: 6 });
  });

  test('concurrent calls are counted until they end, in whatever way they end', async () => {
    const calls = rule({ name: 'hal', calls: 4 });
    const key = on.gate.access.addAgent('hal', { limits: [calls] });
    const waitForNone = () => waitFor('no call in progress', async () => (await on.counted(calls)).calls === 0);
    const slow = times(4, () => on.call(key, 'slow'));
    await waitFor('four calls in progress', () => on.held.length === 4);
    const limited = await on.call(key);
    expect(limited.status).toBe(429);
    expect(limited.headers['retry-after']).toBe('1');
    expect((limited.json as LimitedAnswer).error.data.limit).toMatchObject({
      name: 'concurrentCalls',
      value: 4,
      resetsAt: null,
    });
    on.releaseHeld();
    expect(statuses(await Promise.all(slow))).toEqual({ passed: 4, limited: 0 });
    // NGINX stops counting a call after its response.
    await waitForNone();
    for (let round = 0; round < 3; round += 1) {
      const controller = new AbortController();
      const aborted = times(4, () =>
        fetch(`${on.gate.url}/weather`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}` },
          body: callBody('slow'),
          signal: controller.signal,
        }).catch(() => undefined),
      );
      await waitFor('four calls in progress', () => on.held.length === 4);
      controller.abort();
      await Promise.all(aborted);
      on.held.splice(0).forEach((reply) => reply.destroy());
      await waitForNone();
      const again = times(4, () => on.call(key, 'slow'));
      await waitFor('all four calls', () => on.held.length === 4);
      // A backend that dies.
      on.held.splice(0).forEach((reply) => reply.destroy());
      for (const { status } of await Promise.all(again)) expect(status).toBe(503);
      await waitForNone();
    }
  });
});
