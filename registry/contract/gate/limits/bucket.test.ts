import fc from 'fast-check';
import { expect, test } from 'vitest';
import { burstOf, fillAfter, usedOf, waitMs, type Bucket } from './bucket.ts';
import { dayOfUse, packUse, usedToday } from './quota.ts';

/** The usual token bucket, as a number of tokens. */
function createReference({ perSecond, burst }: Bucket) {
  let tokens = burst;
  let lastMs = 0;
  return (nowMs: number, count: number) => {
    tokens = Math.min(burst, tokens + ((nowMs - lastMs) * perSecond) / 1_000);
    lastMs = nowMs;
    // Both round; results within the rounding error may differ.
    const isClose = Math.abs(tokens - count) < 0.001;
    const fits = tokens >= count;
    return {
      isClose,
      fits,
      take: () => {
        tokens -= count;
      },
    };
  };
}

test('it allows the same requests as a reference token bucket', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 1, max: 6 })), {
    maxLength: 60,
  });
  const buckets = fc.record({ perSecond: fc.constantFrom(0.5, 1, 3, 7, 20), burst: fc.integer({ min: 1, max: 8 }) });
  fc.assert(
    fc.property(buckets, steps, (bucket, list) => {
      const reference = createReference(bucket);
      let fullAt: number | undefined;
      let nowMs = 1_785_000_000_000;
      for (const [passed, count] of list) {
        nowMs += passed;
        const expected = reference(nowMs, count);
        const wait = waitMs(bucket, fullAt, nowMs, count);
        if (!expected.isClose) expect(wait === 0).toBe(expected.fits);
        if (wait > 0) {
          if (count <= bucket.burst) expect(waitMs(bucket, fullAt, nowMs + wait, count)).toBe(0);
          continue;
        }
        expected.take();
        fullAt = fillAfter(bucket, fullAt, nowMs, count);
        expect(usedOf(bucket, fullAt, nowMs)).toBeLessThanOrEqual(bucket.burst + 0.001);
      }
    }),
  );
});

test('the default burst is the requests of one second, at least one', () => {
  expect([burstOf(20, undefined), burstOf(0.5, undefined), burstOf(2.5, undefined), burstOf(20, 5)]).toEqual([
    20, 1, 3, 5,
  ]);
});

test('a day and its usage are packed into one number', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 4_000_000_000 }), (day, used) => {
      const stored = packUse(day, used);
      expect(Number.isSafeInteger(stored)).toBe(true);
      expect([usedToday(stored, day), usedToday(stored, day + 1), dayOfUse(stored)]).toEqual([used, 0, day]);
    }),
  );
  expect(usedToday(undefined, 3)).toBe(0);
});
