// A token bucket by the generic cell rate algorithm: its only state is the moment at which it will be full again. No state means
// a full bucket. Milliseconds since 1970, with fractions.

/** A bucket that is refilled at `perSecond`, up to `burst`. */
export interface Bucket {
  perSecond: number;
  burst: number;
}

/** Many times the rounding error of milliseconds since 1970 in a double. */
const TOLERANCE_MS = 0.01;

/** The state after `count` requests. */
export function fillAfter(bucket: Bucket, fullAtMs: number | undefined, nowMs: number, count: number): number {
  const begin = fullAtMs === undefined || fullAtMs < nowMs ? nowMs : fullAtMs;
  return begin + (count * 1_000) / bucket.perSecond;
}

/** How long a caller must wait until `count` requests fit; 0: they fit now. More than the burst never fit. */
export function waitMs(bucket: Bucket, fullAtMs: number | undefined, nowMs: number, count: number): number {
  const over = fillAfter(bucket, fullAtMs, nowMs, count) - nowMs - (bucket.burst * 1_000) / bucket.perSecond;
  return over > TOLERANCE_MS ? over : 0;
}

/** How much of the burst is used. */
export function usedOf(bucket: Bucket, fullAtMs: number | undefined, nowMs: number): number {
  if (fullAtMs === undefined || fullAtMs <= nowMs) return 0;
  return Math.min(bucket.burst, ((fullAtMs - nowMs) * bucket.perSecond) / 1_000);
}

/** The chosen burst; by default the requests of one second. */
export function burstOf(perSecond: number, burst: number | undefined): number {
  return burst ?? Math.max(1, Math.ceil(perSecond));
}
