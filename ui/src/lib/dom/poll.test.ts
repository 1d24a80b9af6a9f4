// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { poll } from './poll.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('loads again only after the response has arrived, and not after it was stopped', async () => {
  const pending: (() => void)[] = [];
  const stop = poll(1_000, () => new Promise<void>((resolve) => pending.push(resolve)));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(pending).toHaveLength(1);
  pending[0]?.();
  await vi.advanceTimersByTimeAsync(999);
  expect(pending).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(pending).toHaveLength(2);
  stop();
  pending[1]?.();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(pending).toHaveLength(2);
});

it('pauses while the page is hidden, and loads immediately when it is shown', async () => {
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  const load = vi.fn(() => Promise.resolve());
  const stop = poll(1_000, load);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(load).not.toHaveBeenCalled();
  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event('visibilitychange'));
  expect(load).toHaveBeenCalledOnce();
  stop();
  hidden.mockRestore();
});
