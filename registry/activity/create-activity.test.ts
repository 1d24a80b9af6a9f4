import { writeFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { prepareActivity } from '../../test/support/registry/prepare-activity.ts';

const on = prepareActivity();

test('calls, errors, refusals, durations, tools and agents are counted', async () => {
  const at = (minutesAgo: number) => ({ time: on.nowMs / 1_000 - minutesAgo * 60 });
  writeFileSync(
    on.file,
    [
      on.lines(90, { durationMs: 10 }),
      on.lines(7, { durationMs: 1_000, ...at(5) }),
      // Status 200: the tool failed, not the server.
      on.line({ durationMs: 1_000, toolError: true, ...at(5) }),
      on.line({ status: 502, tools: ['alerts'], agent: 'cursor' }),
      on.line({ status: 499 }),
      on.line({ server: 'news', tools: ['a', 'b'] }),
      on.line({ verdict: 'refused', status: 403, reason: 'not granted' }),
      on.line({ verdict: 'refused', status: 401, agent: null, server: 'weather', tools: [] }),
      on.line({ tools: [], methods: [], http: 'GET', status: 405, durationMs: 3_600_000 }),
      on.line({ tools: [], methods: ['tools/list'], status: 502 }),
      on.line({ ...at(61) }),
      on.line({ ...at(60 * 23) }),
      on.line({ ...at(60 * 24 * 6) }),
    ].join(''),
  );
  await on.activity.readAll();
  const hour = await on.activity.stats({ range: 'hour' });
  expect(hour.totals).toMatchObject({ requests: 105, calls: 102, errors: 2, toolErrors: 1, refused: 2 });
  expect(hour.totals.lastCallAt).toBe('2026-11-21T12:30:30.000Z');
  expect(hour.totals.p50Ms).toBeGreaterThan(8);
  expect(hour.totals.p50Ms).toBeLessThan(12);
  expect(hour.totals.p95Ms).toBeGreaterThan(800);
  expect(hour.totals.p95Ms).toBeLessThan(1_200);
  expect(hour.points).toHaveLength(60);
  expect(hour.points.at(-1)).toMatchObject({ at: '2026-11-21T12:30:00.000Z', calls: 94 });
  expect(hour.points.at(-6)).toMatchObject({ calls: 8, errors: 0, toolErrors: 1 });
  expect(hour.tools.map(({ server, tool, calls, errors }) => [server, tool, calls, errors])).toEqual([
    ['weather', 'forecast', 99, 0],
    ['news', 'a', 1, 0],
    ['weather', 'alerts', 1, 1],
    ['news', 'b', 1, 0],
  ]);
  expect(hour.servers.map(({ server, calls, refused }) => [server, calls, refused])).toEqual([
    ['weather', 100, 2],
    ['news', 2, 0],
  ]);
  expect(hour.agents.map(({ agent, calls }) => [agent, calls])).toEqual([
    ['claude', 101],
    ['cursor', 1],
  ]);
  expect((await on.activity.stats({ range: 'day' })).totals.calls).toBe(104);
  expect((await on.activity.stats({ range: 'week' })).totals.calls).toBe(105);
  expect((await on.activity.stats({ range: 'hour', server: 'news' })).totals).toMatchObject({ requests: 1, calls: 2 });
  expect((await on.activity.stats({ range: 'hour', server: 'nobody' })).totals).toMatchObject({
    calls: 0,
    p95Ms: null,
  });
  expect(await on.activity.totals('hour')).toEqual(hour.totals);
  const ofCursor = await on.activity.stats({ range: 'hour', agent: 'cursor' });
  expect(ofCursor.totals).toMatchObject({ calls: 1, p95Ms: null });
  expect(ofCursor.servers).toHaveLength(1);
  const ofTool = await on.activity.stats({ range: 'hour', server: 'weather', tool: 'alerts' });
  expect(ofTool).toMatchObject({ tool: 'alerts', totals: { calls: 1, errors: 1 } });
  expect((await on.activity.agentStats('hour')).items.map(({ agent, calls }) => [agent, calls]).sort()).toEqual([
    ['claude', 101],
    ['cursor', 1],
  ]);
});

test('lines that cannot be parsed are counted and skipped', async () => {
  const hostile = [
    '',
    'nonsense',
    '{}',
    '[]',
    'null',
    '{"time":"now"}',
    `{"time":${'9'.repeat(400)}}`,
    '\u0000\u0001',
    '"'.repeat(60_000),
  ];
  writeFileSync(
    on.file,
    `${on.lines(2)}${hostile.join('\n')}\n${Buffer.from([0xff, 0xfe, 0x0a]).toString('latin1')}${on.lines(2)}`,
  );
  expect(await on.countCalls()).toBe(4);
  expect((await on.activity.stats({ range: 'hour' })).brokenLines).toBe(9);
  await on.restart();
  expect((await on.activity.stats({ range: 'hour' })).brokenLines).toBe(9);
});

test('odd values are bounded: far future, distant past, long names, an unlimited number of names', async () => {
  writeFileSync(
    on.file,
    [
      on.line({ time: on.nowMs / 1_000 + 1e6 }),
      on.line({ time: on.nowMs / 1_000 - 9 * 86_400 }),
      on.line({ tools: ['x'.repeat(5_000)] }),
      on.line({ durationMs: -1 }),
      on.line({ durationMs: 1e300 }),
    ].join(''),
  );
  expect(await on.countCalls()).toBe(4);
  const { tools, points } = await on.activity.stats({ range: 'hour' });
  expect(points.at(-1)?.calls).toBe(4);
  expect(tools.find(({ tool }) => tool.startsWith('xxx'))?.tool).toHaveLength(128);

  writeFileSync(
    on.file,
    Array.from({ length: 25_000 }, (_, n) => on.line({ tools: [`made-up-${n}`], verdict: 'allowed' })).join(''),
  );
  await on.activity.readAll();
  const after = await on.activity.stats({ range: 'hour' });
  expect(after.totals.calls).toBe(25_004);
  expect(after.tools[0]).toMatchObject({ tool: '(other)' });
  expect(after.tools[0]?.calls).toBeGreaterThanOrEqual(5_000);
});

test('old steps are deleted: minutes after two days, hours after eight', async () => {
  writeFileSync(on.file, on.lines(10));
  await on.activity.readAll();
  on.activity.start();
  on.nowMs += 3 * 86_400_000;
  const count = async (stepS: number) => (await on.store.calls.totals({ stepS, fromS: 0 })).calls;
  await vi.waitFor(async () => expect([await count(60), await count(3_600)]).toEqual([0, 10]));
  on.nowMs += 6 * 86_400_000;
  await vi.waitFor(async () => expect(await count(3_600)).toBe(0));
});

test('beyond the maximum number of rows the oldest minutes are deleted', async () => {
  writeFileSync(
    on.file,
    [50, 40, 30, 20, 10].map((ago) => on.lines(3, { time: on.nowMs / 1_000 - ago * 60 })).join(''),
  );
  await on.activity.readAll();
  await on.store.calls.prune(60, 0, 2);
  expect((await on.activity.stats({ range: 'hour' })).totals.calls).toBe(6);
  expect((await on.activity.stats({ range: 'day' })).totals.calls).toBe(15);
});
