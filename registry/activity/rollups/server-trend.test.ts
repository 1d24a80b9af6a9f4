import { expect, test, vi } from 'vitest';
import { prepareActivity } from '../../../test/support/registry/prepare-activity.ts';
import { createServerTrend } from './server-trend.ts';

const on = prepareActivity();

test('servers are counted once a minute, and the last hour survives a restart', async () => {
  const count = vi.fn(() => Promise.resolve({ servers: count.mock.calls.length, healthy: 1, tools: 7 }));
  const create = () => createServerTrend({ store: on.store, count, now: () => on.nowMs });
  const trend = create();
  for (const seconds of [0, 20, 40, 60]) {
    on.nowMs = Date.parse('2026-11-21T12:30:10.000Z') + seconds * 1_000;
    await trend.sample();
  }
  expect(await trend.read()).toEqual({
    points: [
      { at: '2026-11-21T12:30:00.000Z', servers: 1, healthy: 1, tools: 7 },
      { at: '2026-11-21T12:31:00.000Z', servers: 2, healthy: 1, tools: 7 },
    ],
  });
  on.nowMs += 60 * 60_000;
  const restarted = create();
  await restarted.sample();
  expect((await restarted.read()).points.map(({ at }) => at)).toEqual(['2026-11-21T13:31:00.000Z']);
  expect(await on.store.serverCounts.list(0)).toHaveLength(2);
});

test('a failed count is retried in the same minute', async () => {
  let isFailing = true;
  const count = () =>
    isFailing ? Promise.reject(new Error('busy')) : Promise.resolve({ servers: 3, healthy: 2, tools: 1 });
  const trend = createServerTrend({ store: on.store, count, now: () => on.nowMs });
  await expect(trend.sample()).rejects.toThrow('busy');
  isFailing = false;
  await trend.sample();
  expect((await trend.read()).points).toHaveLength(1);
});
