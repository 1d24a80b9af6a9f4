/** A zone's offset from UTC in minutes from a minute of UTC (since 1970) on; before the first, and without any, it is 0. */
export interface ZoneOffset {
  from: number;
  minutes: number;
}

const DAY_MINUTES = 1_440;

/** Which day it is in the zone: a number that grows by one each midnight there. */
export function dayOf(offsets: readonly ZoneOffset[], nowMs: number): number {
  const minute = Math.floor(nowMs / 60_000);
  let offset = 0;
  for (const one of offsets) if (minute >= one.from) offset = one.minutes;
  return Math.floor((minute + offset) / DAY_MINUTES);
}

/**
 * When the current day of the zone ends, in milliseconds since 1970. A day has 23 or 25 hours when the clocks change; if they skip midnight, it ends
 * at the change.
 */
export function endOfDay(offsets: readonly ZoneOffset[], nowMs: number): number {
  const now = Math.floor(nowMs / 60_000);
  const next = (dayOf(offsets, nowMs) + 1) * DAY_MINUTES;
  // Periods of one offset each; the first one is before the first change.
  for (let i = -1; i < offsets.length; i += 1) {
    const offset = offsets[i]?.minutes ?? 0;
    const ends = offsets[i + 1]?.from;
    const midnight = Math.max(now, offsets[i]?.from ?? now, next - offset);
    if (ends === undefined || (ends > now && midnight < ends)) return midnight * 60_000;
  }
  return next * 60_000;
}
