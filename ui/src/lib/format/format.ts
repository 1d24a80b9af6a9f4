const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'narrow' });
const clock = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const hourAndMinute = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const timeOfDay = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const dayAndTime = new Intl.DateTimeFormat('en-GB', {
  ...{ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
});
const count = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** "12s ago", "3m ago"; "just now" below five seconds. */
export function timeAgo(iso: string | null, nowMs: number): string {
  if (iso === null) return 'never';
  const seconds = (Date.parse(iso) - nowMs) / 1000;
  if (Math.abs(seconds) < 5) return 'just now';
  const [unit, size] = UNITS.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1];
  return relative.format(Math.round(seconds / size), unit);
}

/** "21 Nov 2026, 11:40:05" in the reader's time zone. */
export function fullTime(iso: string | null): string {
  return iso === null ? 'never' : clock.format(new Date(iso));
}

/** A period of the call log; null: it has no start or no end. */
export function describePeriod(from: string | null, to: string | null): string {
  if (from === null) return to === null ? 'any time' : `until ${fullTime(to)}`;
  return to === null ? `${fullTime(from)} and later` : `${fullTime(from)} to ${fullTime(to)}`;
}

/** "11:40:05, 2m ago" today, "19 Nov, 11:40, 2d ago" before: a time that can be compared with other records. */
export function momentAgo(iso: string | null, nowMs: number): string {
  if (iso === null) return 'never';
  const at = new Date(iso);
  const isToday = at.toDateString() === new Date(nowMs).toDateString();
  return `${(isToday ? timeOfDay : dayAndTime).format(at)}, ${timeAgo(iso, nowMs)}`;
}

/** "11:40" in the reader's time zone; empty when there is no time. */
export function formatTime(iso: string | undefined): string {
  return iso === undefined ? '' : hourAndMinute.format(new Date(iso));
}

/** "8 ms", "1.2 s", "–" if there is no measurement. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '–';
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** "3.4 %", "0 %", "–" if nothing was counted. */
export function formatShare(share: number | null): string {
  if (share === null) return '–';
  const percent = share * 100;
  if (percent === 0) return '0 %';
  if (percent < 0.1) return '<0.1 %';
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** "1,234" up to ten thousand, "12.3K" above. */
export function formatCount(value: number): string {
  return value < 10_000 ? count.format(value) : short.format(value);
}

/** "1 tool", "3 tools". */
export function pluralize(value: number, noun: string): string {
  return `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** A duration in the largest unit without a fraction: 86,400,000 → "24 h". */
export function formatDuration(ms: number): string {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  if (ms % 60_000 === 0) return `${ms / 60_000} min`;
  return ms % 1000 === 0 ? `${ms / 1000} s` : `${ms} ms`;
}

/** The text with a capital first letter, unless the first word is a name or a URL (`nginx.conf` …). */
export function toSentence(text: string): string {
  return /^[a-z]+[ ,]/.test(text) ? capitalize(text) : text;
}

/** The text with a capital first letter. */
export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
