import { expect, test } from 'vitest';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { createWorkerLedger } from './worker-ledger.ts';
import type { WorkerProcess } from './workers.ts';

const worker = (pid: number, startTicks = pid * 100, draining = false): WorkerProcess => ({
  pid,
  startTicks,
  draining,
});

function setUp(endsAt: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') {
  const clock = createTestClock();
  const nginx = { workers: [worker(1)] };
  const signals: [number, string][] = [];
  const ledger = createWorkerLedger({
    readWorkers: () => Promise.resolve([...nginx.workers]),
    signal: (pid, name) => {
      signals.push([pid, name]);
      if (name === endsAt) nginx.workers = nginx.workers.filter((running) => running.pid !== pid);
    },
    maxDraining: 2,
    waitMs: 10_000,
    clock,
  });
  /** Workers as after a reload: all drain, and one more accepts. */
  const reload = (pid: number) => {
    nginx.workers = [...nginx.workers.map((older) => worker(older.pid, older.startTicks, true)), worker(pid)];
  };
  return { clock, nginx, signals, ledger, reload };
}

test('a worker keeps its generation, and sinceMs counts from when it began to drain', async () => {
  const { clock, ledger, reload } = setUp();
  expect(await ledger.tag(7)).toEqual(new Set([1]));
  reload(2);
  await ledger.tag(8);
  clock.advance(400);
  expect(await ledger.list()).toEqual([
    { pid: 1, generation: 7, draining: true, sinceMs: 400 },
    { pid: 2, generation: 8, draining: false, sinceMs: null },
  ]);
});

test('a reused pid is a different worker', async () => {
  const { nginx, ledger } = setUp();
  await ledger.tag(7);
  nginx.workers = [worker(1, 5_000)];
  expect(await ledger.list()).toMatchObject([{ pid: 1, generation: null }]);
});

test('makeRoom waits, and ends no worker when a generation ends by itself', async () => {
  const { clock, nginx, signals, ledger, reload } = setUp();
  for (const pid of [2, 3]) {
    await ledger.tag(pid);
    reload(pid);
  }
  expect(await ledger.isFull()).toBe(true);
  const room = ledger.makeRoom();
  void clock.sleep(3_000).then(() => (nginx.workers = nginx.workers.filter(({ pid }) => pid !== 1)));
  await clock.runUntil(room);
  expect(clock.nowMs()).toBe(3_000);
  expect(signals).toEqual([]);
});

test('after the limit the workers of the oldest generation are ended, finally by SIGKILL', async () => {
  for (const endsAt of ['SIGTERM', 'SIGKILL'] as const) {
    const { clock, nginx, signals, ledger, reload } = setUp(endsAt);
    for (const pid of [2, 3]) {
      await ledger.tag(pid);
      reload(pid);
    }
    await clock.runUntil(ledger.makeRoom());
    expect(signals).toEqual(
      endsAt === 'SIGTERM'
        ? [[1, 'SIGTERM']]
        : [
            [1, 'SIGTERM'],
            [1, 'SIGKILL'],
          ],
    );
    expect(clock.nowMs()).toBe(endsAt === 'SIGTERM' ? 10_000 : 11_000);
    expect(nginx.workers.map(({ pid }) => pid)).toEqual([2, 3]);
  }
});
