import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchFile } from './watch-file.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a change is reported once it is stable, one during the callback is reported next, none after the end', async () => {
  let stamp = 'a';
  let finish: () => void = () => undefined;
  const seen: string[] = [];
  const end = watchFile({
    stamp: () => stamp,
    onChange() {
      seen.push(stamp);
      return new Promise((resolve) => (finish = resolve));
    },
    everyMs: 1_000,
    quietMs: 300,
  });
  await vi.advanceTimersByTimeAsync(5_000);
  expect(seen).toEqual([]);
  stamp = 'half';
  await vi.advanceTimersByTimeAsync(1_100);
  stamp = 'b';
  await vi.advanceTimersByTimeAsync(300);
  expect(seen).toEqual([]);
  await vi.advanceTimersByTimeAsync(300);
  expect(seen).toEqual(['b']);
  stamp = 'c';
  await vi.advanceTimersByTimeAsync(10_000);
  expect(seen).toEqual(['b']);
  finish();
  await vi.advanceTimersByTimeAsync(1_300);
  expect(seen).toEqual(['b', 'c']);
  let isEnded = false;
  const ended = end().then(() => (isEnded = true));
  await vi.advanceTimersByTimeAsync(0);
  expect(isEnded).toBe(false);
  finish();
  await ended;
  stamp = 'd';
  await vi.advanceTimersByTimeAsync(10_000);
  expect(seen).toEqual(['b', 'c']);
});
