import type { HoursFile } from '../access-files.ts';

const DAY_MINUTES = 1_440;
/** 1970-01-01 was a Thursday, the fourth day of the week (ISO 8601). */
const FIRST_WEEKDAY = 4;

function offsetAt(hours: HoursFile, minute: number): number {
  let offset = 0;
  for (const one of hours.offsets) if (minute >= one.from) offset = one.minutes;
  return offset;
}

function weekdayOf(day: number): number {
  return ((day + FIRST_WEEKDAY - 1) % 7) + 1;
}

/** Whether a moment is within hours. A time that ends before it begins continues into the next day; one that ends where it begins is the whole day. */
export function isWithinHours(hours: HoursFile, nowMs: number): boolean {
  const utc = Math.floor(nowMs / 60_000);
  const local = utc + offsetAt(hours, utc);
  const day = Math.floor(local / DAY_MINUTES);
  const minute = local - day * DAY_MINUTES;
  const isToday = hours.days.includes(weekdayOf(day));
  if (hours.from < hours.to) return isToday && minute >= hours.from && minute < hours.to;
  if (minute >= hours.from) return isToday;
  return hours.from > hours.to ? minute < hours.to && hours.days.includes(weekdayOf(day - 1)) : isToday;
}
