// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { poll } from './poll.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('asks again only when the answer is there, and not after it was stopped', async () => {
  const answers: (() => void)[] = [];
  const stop = poll(1_000, () => new Promise<void>((resolve) => answers.push(resolve)));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(answers).toHaveLength(1);
  answers[0]?.();
  await vi.advanceTimersByTimeAsync(999);
  expect(answers).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(answers).toHaveLength(2);
  stop();
  answers[1]?.();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(answers).toHaveLength(2);
});

it('waits while the page is hidden, and asks at once when it is shown', async () => {
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  const ask = vi.fn(() => Promise.resolve());
  const stop = poll(1_000, ask);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(ask).not.toHaveBeenCalled();
  hidden.mockReturnValue(false);
  document.dispatchEvent(new Event('visibilitychange'));
  expect(ask).toHaveBeenCalledOnce();
  stop();
  hidden.mockRestore();
});
