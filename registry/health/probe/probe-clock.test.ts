import { expect, test, vi } from 'vitest';
import { startClock } from './probe-clock.ts';

test('a request has its own limit, a candidate its share, the whole probe three times the limit', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const clock = startClock(5_000);
    expect([clock.requestMs(), clock.discoveryMs()]).toEqual([5_000, 2_000]);
    const first = clock.share(3);
    vi.advanceTimersByTime(9_900);
    expect([first.isExpired(), first.requestMs(), clock.requestMs()]).toEqual([false, 100, 5_000]);
    vi.advanceTimersByTime(200);
    expect([first.isExpired(), clock.isExpired()]).toEqual([true, false]);
    const last = clock.share(1);
    vi.advanceTimersByTime(4_950);
    expect([last.isExpired(), last.requestMs()]).toEqual([true, 1]);
    expect(clock.isExpired()).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});
