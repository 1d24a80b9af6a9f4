import { expect, test } from 'vitest';
import { createBackoff } from './backoff.ts';

test('the first failure causes no delay, each further one doubles it, a success resets it', () => {
  let now = 0;
  const backoff = createBackoff(() => now);
  const waits = [];
  for (let failure = 0; failure < 9; failure += 1) {
    backoff.failed();
    waits.push(backoff.waitMs());
    now += backoff.waitMs();
  }
  expect(waits).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  backoff.failed();
  backoff.succeeded();
  expect(backoff.waitMs()).toBe(0);
});
