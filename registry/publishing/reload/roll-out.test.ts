import { expect, test } from 'vitest';
import { createTestClock } from '../../../test/support/test-clock.ts';
import { waitForNginx } from './roll-out.ts';

test('waits until NGINX runs, and no longer than the limit', async () => {
  const clock = createTestClock();
  const startsAt = (ms: number) => () => Promise.resolve(clock.nowMs() >= ms);
  expect(await clock.runUntil(waitForNginx(startsAt(120), 5_000, clock))).toBe(true);
  expect(clock.nowMs()).toBe(150);
  expect(await clock.runUntil(waitForNginx(startsAt(9_000), 5_000, clock))).toBe(false);
  expect(clock.nowMs()).toBe(5_000);
});
