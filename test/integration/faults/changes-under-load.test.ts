import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServerChange } from '../../../registry/contract/index.ts';
import { startTicking } from '../../fixtures/backends/streams/ticking.ts';
import { callOnce } from '../../support/faults/load/call-once.ts';
import { expectNothingCut, expectNothingLost } from '../../support/faults/load/expect-nothing-lost.ts';
import { countReloads } from '../../support/faults/observe/find-processes.ts';
import { startSite, type Site } from '../../support/faults/start-site.ts';
import { waitFor } from '../../support/wait-for.ts';

/** 300 in the full run. */
const MANY = Number(process.env['FAULTS_REGISTRATIONS'] ?? 150);
const AT_ONCE = 50;
// Every caller waits for its own response, so changes arrive in waves: two reloads for each at most. The limit of ten is for an
// idle machine: how much of a wave arrives together depends on its load.
const MAX_RELOADS = (2 * MANY) / AT_ONCE;

let site: Site;
beforeAll(async () => {
  site = await startSite({ supervised: false });
});
afterAll(() => site.close());

/** One call on a new connection. */
const call = async (path: string, key = site.key) =>
  (await callOnce(false, { url: site.gateway.url, path, key }, 1)).text;

test('a revoked key, a removed grant and a disabled agent are refused on the next request, under load and without a reload', async () => {
  const { gateway } = site;
  const load = site.load();
  await load.answers(50);
  const reloads = countReloads(gateway);
  const before = await gateway.admin.must<{ items: { number: number }[] }>('GET', '/api/generations?limit=1');
  const bad = await gateway.createAgent(['*']);
  const other = await gateway.admin.must<{ key: string }>('POST', `/api/agents/${bad.name}/keys`, {});
  expect(await call('calm', bad.key)).toBe('200');
  await gateway.admin.must('DELETE', `/api/agents/${bad.name}/keys/${bad.keyId}`);
  expect(await call('calm', bad.key)).toBe('401 key_unknown');
  expect(await call('calm', other.key)).toBe('200');
  await gateway.admin.must('PUT', `/api/agents/${bad.name}/grants`, [{ server: 'calm', tools: ['else'] }]);
  expect(await call('calm', other.key)).toMatch(/^403 /);
  await gateway.admin.must('PUT', `/api/agents/${bad.name}/grants`, [{ server: 'ticking', tools: ['*'] }]);
  expect(await call('calm', other.key)).toBe('403 not_granted');
  await gateway.admin.must('PUT', `/api/agents/${bad.name}/grants`, [{ server: '*', tools: ['*'] }]);
  expect(await call('calm', other.key)).toBe('200');
  await gateway.admin.must('PATCH', `/api/agents/${bad.name}`, { enabled: false });
  expect(await call('calm', other.key)).toBe('403 agent_disabled');
  await load.answers(50);
  expectNothingLost(await load.stop());
  expect(countReloads(gateway)).toBe(reloads);
  expect(await gateway.admin.must('GET', '/api/generations?limit=1')).toMatchObject({
    items: [{ number: before.items[0]?.number }],
  });
});

test('a server disabled while agents stream from it refuses new calls at once; open streams continue, others are unaffected', async () => {
  const { gateway } = site;
  const load = site.load();
  const streams = [...(await site.streams(2)), await site.longCall()];
  for (const stream of streams) await stream.more(2);
  await gateway.admin.must('PATCH', '/api/servers/ticking', { enabled: false });
  expect(await call('ticking')).toBe('503 server_disabled');
  for (const stream of streams) await stream.more(5);
  expectNothingCut(streams);
  expect(await gateway.admin.must('PATCH', '/api/servers/ticking', { enabled: true })).toMatchObject({
    applied: true,
  });
  const [again] = await site.streams(1);
  await again?.more(2);
  await load.answers(50);
  expectNothingCut(streams);
  expectNothingLost(await load.stop());
  for (const stream of [...streams, again]) stream?.leave();
});

test('a server removed while agents stream from it refuses new calls at once; open streams continue, and its path becomes unknown', async () => {
  const { gateway } = site;
  // Its calls end after one tick, its GET streams never.
  const leaving = await startTicking({ count: 1 });
  expect(await gateway.register({ path: 'leaving', url: leaving.url })).toMatchObject({ applied: true });
  const load = site.load();
  const others = await site.streams(2);
  const streams = await site.streams(2, 'leaving');
  for (const stream of streams) await stream.more(2);
  await gateway.admin.must('DELETE', '/api/servers/leaving?wait=false');
  // From the response on no call gets through, though its route still exists.
  const late: string[] = [];
  for (let turn = 0; turn < 20; turn += 1) late.push(await call('leaving'));
  expect(late.filter((outcome) => !/^(503|404) /.test(outcome))).toEqual([]);
  expect(late[0]).toMatch(/^503 /);
  await waitFor('its path to be unknown', async () => (await call('leaving')) === '404 unknown_path');
  for (const stream of [...streams, ...others]) await stream.more(5);
  expectNothingCut([...streams, ...others]);
  await load.answers(50);
  expectNothingLost(await load.stop());
  for (const stream of [...streams, ...others]) stream.leave();
  await leaving.close();
});

test(`${MANY} registrations, ${AT_ONCE} at a time, under load: none lost, at most ${MAX_RELOADS} reloads`, async () => {
  const { gateway } = site;
  const load = site.load();
  await load.answers(50);
  const before = countReloads(gateway);
  let next = 0;
  const answers: ServerChange[] = [];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let number = next++; number < MANY; number = next++)
        answers.push(await gateway.register({ path: `many-${number}`, url: site.calm.url }));
    }),
  );
  expect(answers.map(({ applied }) => applied)).toEqual(answers.map(() => true));
  expect(countReloads(gateway) - before).toBeLessThanOrEqual(MAX_RELOADS);
  for (let number = 0; number < MANY; number += 1) expect(await call(`many-${number}`)).toBe('200');
  expectNothingLost(await load.stop());
});
