/** Bucket 0 contains all durations up to this. */
const FIRST_MS = 0.1;
/** Buckets per doubling: each is 19 % wider than the one before. */
const PER_DOUBLING = 4;
/** The last bucket contains all durations from about ten minutes on. */
const LAST_BUCKET = 90;

/** The upper bound of a bucket, milliseconds. */
function upperMs(bucket: number): number {
  return FIRST_MS * 2 ** (bucket / PER_DOUBLING);
}

/** The bucket that a duration (milliseconds) falls into: 0 to 90. These numbers are stored, so the bounds never change. */
export function bucketOf(durationMs: number): number {
  if (!(durationMs > FIRST_MS)) return 0;
  return Math.min(LAST_BUCKET, Math.ceil(PER_DOUBLING * Math.log2(durationMs / FIRST_MS) - 1e-9));
}

/** The duration (milliseconds, one decimal from 10 ms on) below which the share `part` (0 to 1) of all durations is; null without durations. */
export function readPercentile(counts: readonly { bucket: number; count: number }[], part: number): number | null {
  const sums = new Map<number, number>();
  for (const { bucket, count } of counts) sums.set(bucket, (sums.get(bucket) ?? 0) + count);
  const total = [...sums.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let before = 0;
  for (const [bucket, count] of [...sums].sort(([a], [b]) => a - b)) {
    if (before + count >= part * total) {
      const lowMs = bucket === 0 ? 0 : upperMs(bucket - 1);
      const ms = lowMs + (upperMs(bucket) - lowMs) * ((part * total - before) / count);
      return Number(ms.toFixed(ms < 10 ? 2 : 1));
    }
    before += count;
  }
  return upperMs(LAST_BUCKET);
}
