import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRelistQueue } from './relist-queue.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A queue in which listing takes `costMs` of a clock that only the test moves. */
function createQueue(costMs: number) {
  const listed: string[] = [];
  let running = 0;
  let mostRunning = 0;
  const queue = createRelistQueue(
    async (serverId) => {
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      await new Promise((resolve) => setTimeout(resolve, costMs));
      listed.push(serverId);
      running -= 1;
    },
    () => Date.now(),
  );
  return { queue, listed, most: () => mostRunning };
}

test('25 servers that never stop notifying are listed one at a time, each for a small share of the time', async () => {
  const { queue, listed, most } = createQueue(100);
  const ids = Array.from({ length: 25 }, (_, n) => `server-${n}`);
  for (let passedMs = 0; passedMs < 60_000; passedMs += 50) {
    for (const id of ids) queue.request(id);
    await vi.advanceTimersByTimeAsync(50);
  }
  queue.close();
  expect(most()).toBe(1);
  const counts = Map.groupBy(listed, (id) => id);
  expect(counts.size).toBe(25);
  // 60 s in turns of 25 x 100 ms, none sooner than 2 s after its previous one.
  for (const [id, times] of counts) expect(times.length, id).toBeLessThanOrEqual(24);
});

test('a change is listed at once, one that arrives meanwhile is listed afterwards, and none after close', async () => {
  const { queue, listed } = createQueue(100);
  queue.request('a');
  queue.request('a');
  await vi.advanceTimersByTimeAsync(50);
  queue.request('a');
  await vi.advanceTimersByTimeAsync(60);
  expect(listed).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(listed).toEqual(['a', 'a']);
  queue.request('b');
  queue.request('gone');
  queue.forget('gone');
  queue.close();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(listed).toEqual(['a', 'a']);
});
