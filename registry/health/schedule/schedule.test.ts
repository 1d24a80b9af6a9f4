import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSchedule, requireCron, type Schedule } from './schedule.ts';

const EVERY_10_S = '*/10 * * * * *';
let schedule: Schedule | undefined;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-03-01T12:00:01Z') });
});
afterEach(async () => {
  await schedule?.close();
  vi.useRealTimers();
});

function start(expression: string, work: () => Promise<void> = () => Promise.resolve()) {
  const [run, onSkipped] = [vi.fn(work), vi.fn()];
  schedule = createSchedule(expression, { firstMs: 2_000, work: run, onSkipped });
  return { run, onSkipped, schedule };
}

test('runs soon, then at the times of the expression', async () => {
  const { run } = start(EVERY_10_S);
  await vi.advanceTimersByTimeAsync(1_999);
  expect(run).toHaveBeenCalledTimes(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(run).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(run).toHaveBeenCalledTimes(4);
});

test('a time that is due while the work still runs is skipped', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const { run, onSkipped } = start(EVERY_10_S, () => promise);
  await vi.advanceTimersByTimeAsync(22_000);
  expect(run).toHaveBeenCalledTimes(1);
  expect(onSkipped).toHaveBeenCalledTimes(2);
  resolve(undefined);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(run).toHaveBeenCalledTimes(2);
});

test('another expression replaces the previous one; an invalid one changes nothing', async () => {
  const { run, schedule } = start('0 0 0 1 1 *');
  await vi.advanceTimersByTimeAsync(2_000);
  schedule.set(EVERY_10_S);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(run).toHaveBeenCalledTimes(3);
  expect(() => schedule.set('now and then')).toThrow('healthCron');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(run).toHaveBeenCalledTimes(4);
});

test('a wall clock that is set back by an hour delays no run by an hour', async () => {
  const { run } = start(EVERY_10_S);
  await vi.advanceTimersByTimeAsync(12_000);
  const before = run.mock.calls.length;
  vi.setSystemTime(Date.now() - 3_600_000);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(run.mock.calls.length).toBeGreaterThanOrEqual(before + 2);
});

test('nothing runs after close, which waits for the current run', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const { run, schedule } = start(EVERY_10_S, () => promise);
  await vi.advanceTimersByTimeAsync(2_000);
  let hasClosed = false;
  const closing = schedule.close().then(() => (hasClosed = true));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(hasClosed).toBe(false);
  resolve(undefined);
  await closing;
  expect(run).toHaveBeenCalledTimes(1);
});

test('an invalid expression is rejected with the name of the setting', () => {
  expect(() => requireCron('now and then')).toThrow('healthCron: "now and then" is not a cron expression');
});
