const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;

function inWords(seconds: number): string {
  if (seconds < MINUTE_S) return `${Math.floor(seconds)} s`;
  if (seconds < HOUR_S) return `${Math.floor(seconds / MINUTE_S)} min`;
  if (seconds < 2 * DAY_S) return `${Math.floor(seconds / HOUR_S)} h`;
  return `${Math.floor(seconds / DAY_S)} days`;
}

/** A time relative to now: "3 min ago", "in 2 h"; "-" for none. */
export function showTime(at: string | null | undefined, nowMs = Date.now()): string {
  if (at === null || at === undefined) return '-';
  const seconds = (nowMs - Date.parse(at)) / 1_000;
  if (Number.isNaN(seconds)) return at;
  return seconds >= 0 ? `${inWords(seconds)} ago` : `in ${inWords(-seconds)}`;
}

/** Milliseconds for people; "-" for none. */
export function showMs(ms: number | null): string {
  if (ms === null) return '-';
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/** A count with its noun. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
