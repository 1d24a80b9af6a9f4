import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packUse } from '../../../../registry/contract/gate/limits/quota.ts';
import { ask, callBody } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { planInstance } from '../../../support/nginx/start-gate.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { rule, startLimitedGate, type LimitedGate } from './limited-gate.ts';

const SLOW = 0.001;
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

describe.each(NGINX_KINDS)('counters of limits in $name NGINX', (kind) => {
  let on: LimitedGate;
  beforeAll(async () => {
    on = await startLimitedGate(kind);
  });
  afterAll(() => on.close());

  const file = () => join(on.gate.folders.root, 'limits', 'counters');
  const servers = () => {
    const instances = [planInstance('i1', `${on.backend.url}/mcp`)];
    return [
      { path: 'weather', instances },
      { path: 'team/search', instances },
    ];
  };
  const countPassed = async (calls: ReturnType<LimitedGate['call']>[]) =>
    (await Promise.all(calls)).filter(({ status }) => status === 200).length;

  test('are exact over a reload, with draining workers', async () => {
    const limits = [rule({ perDay: 60 }), rule({ tool: 'look', perSecond: SLOW, burst: 50 })];
    const key = on.gate.access.addAgent('ann', { limits });
    const pending = on.call(key, 'slow');
    await waitFor('a call that keeps an old worker running', () => on.held.length === 1);
    const calls = times(30, () => on.call(key));
    const reloaded = on.gate.publish(servers());
    for (let n = 0; n < 20; n += 1) {
      calls.push(on.call(key), on.call(key), on.call(key));
      await Promise.race(calls.slice(-3));
    }
    await reloaded;
    calls.push(...times(20, () => on.call(key)));
    expect(await countPassed(calls)).toBe(50);
    // The call in progress was counted as well, in the draining worker.
    expect(await countPassed(times(20, () => on.call(key, 'other')))).toBe(9);
    on.releaseHeld();
    expect((await pending).status).toBe(200);
  });

  test('include the calls in progress of a draining worker', async () => {
    const calls = rule({ name: 'ben', calls: 3, streams: 1 });
    const key = on.gate.access.addAgent('ben', { limits: [calls] });
    const stream = ask(on.gate.url, '/weather', { key });
    const pending = times(2, () => on.call(key, 'slow'));
    await waitFor('two calls and a stream', () => on.held.length === 3);
    await on.gate.publish(servers());
    expect(await on.counted(calls)).toMatchObject({ calls: 2, streams: 1 });
    expect((await ask(on.gate.url, '/weather', { key })).status).toBe(429);
    pending.push(on.call(key, 'slow'));
    await waitFor('a third call', () => on.held.length === 4);
    expect((await on.call(key)).status).toBe(429);
    on.releaseHeld();
    await Promise.all([stream, ...pending]);
    await waitFor('no call in progress', async () => {
      const { calls: remaining, streams } = await on.counted(calls);
      return remaining === 0 && streams === 0;
    });
  });

  test('are released when a worker is killed', async () => {
    const calls = rule({ name: 'cat', calls: 4 });
    const key = on.gate.access.addAgent('cat', { limits: [calls] });
    for (let round = 0; round < 2; round += 1) {
      const pending = times(4, () => on.call(key, 'slow').catch(() => undefined));
      await waitFor('four calls', () => on.held.length === 4);
      expect((await on.call(key)).status).toBe(429);
      const workers = on.gate.nginx.workers();
      for (const pid of workers) process.kill(pid, 'SIGKILL');
      await Promise.all(pending);
      on.releaseHeld();
      await waitFor('a call that is allowed again', async () => (await on.call(key)).status === 200);
      await waitFor('no call in progress', async () => (await on.counted(calls)).calls === 0);
    }
  });

  test('survive when NGINX is killed, except for the last second', async () => {
    const quota = rule({ name: 'dan', perDay: 10 });
    const rate = rule({ name: 'dan', tool: 'look', perSecond: SLOW, burst: 7 });
    const under = rule({ name: 'dan', tool: 'slow', calls: 1 });
    const key = on.gate.access.addAgent('dan', { limits: [quota, rate, under] });
    expect(await countPassed(times(6, () => on.call(key)))).toBe(6);
    const today = packUse(Math.floor(Date.now() / 86_400_000), 6);
    await waitFor('the counters to be written', () => readFileSync(file(), 'latin1').includes(`${today}.000`));
    const pending = on.call(key, 'slow').catch(() => undefined);
    await waitFor('a call in progress', () => on.held.length === 1);
    await on.gate.killAndStart();
    await pending;
    on.releaseHeld();
    // Calls in progress are not counted any more.
    expect((await on.counted(under)).calls).toBe(0);
    expect(await countPassed(times(20, () => on.call(key)))).toBe(1);
    expect((await on.counted(quota)).today).toBeGreaterThanOrEqual(today + 1);
  });

  test('start at zero if their file is invalid', async () => {
    const key = on.gate.access.addAgent('eve', { limits: [rule({ name: 'eve', perDay: 2 })] });
    await on.call(key);
    for (const spoil of [
      () => truncateSync(file(), 100),
      () => writeFileSync(file(), 'nonsense'.repeat(1_000)),
      () => writeFileSync(file(), Buffer.alloc(10_000, 255)),
    ]) {
      await on.gate.killAndStart(spoil);
      expect(await countPassed(times(5, () => on.call(key)))).toBe(2);
    }
  });

  test('never allow a call for which there is no space for a counter', async () => {
    await on.gate.publish(servers(), { countersMb: 1 });
    const limits = times(200, (n) => rule({ name: 'fay', tool: `t${n}_*`, perDay: 1_000, perSecond: 1_000, calls: 9 }));
    const body = (n: number) => `[${times(200, (m) => callBody(`t${m}_`, n)).join(',')}]`;
    let full: Awaited<ReturnType<typeof ask>> | undefined;
    for (let n = 0; full === undefined; n += 1) {
      if (n > 100) throw new Error('a dictionary of 1 MB took 40,000 counters');
      const own = limits.map((one) => ({ ...one, id: `${n}`.padStart(4, '0') + one.id.slice(4) }));
      const key = on.gate.access.addAgent(`fay${n}`, { limits: own });
      const reply = await ask(on.gate.url, '/weather', { key, body: body(n) });
      if (reply.status !== 200) full = reply;
    }
    expect(full.status).toBe(503);
    expect(full.json).toMatchObject({ error: { code: -32055, data: { reason: 'counters_full' } } });
    expect(on.gate.nginx.errorLog()).toContain('the shared dictionary of limits is full');
    // An agent without limits needs no counter.
    expect((await on.call(on.gate.access.addAgent('gil'))).status).toBe(200);
  });
});
