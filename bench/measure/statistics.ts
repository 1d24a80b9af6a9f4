/** The middle value, or the mean of the two middle ones. Throws when there are no values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new Error('no values to take the median of');
  return (upper + lower) / 2;
}

/** The value below which `share` (0 to 1) of the values are: nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error('no values to take a percentile of');
  return value;
}

/** `median (least–most)`, with `digits` after the point. */
export function showSpread(values: readonly number[], digits: number): string {
  return `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)})`;
}

/** The same values in random order, so that no target always follows the same one. */
export function shuffle<T>(values: readonly T[]): T[] {
  const remaining = [...values];
  const shuffled: T[] = [];
  while (remaining.length > 0) shuffled.push(...remaining.splice(Math.floor(Math.random() * remaining.length), 1));
  return shuffled;
}
