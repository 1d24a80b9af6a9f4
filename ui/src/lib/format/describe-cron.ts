/** What a cron line with seconds means, where it is one of the plain ones; else null. */
export function describeCron(cron: string): string | null {
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== 6 || parts.slice(3).some((part) => part !== '*')) return null;
  const [second = '', minute = '', hour = ''] = parts;
  const every = (part: string): number | null =>
    part === '*' ? 1 : Number(/^\*\/(\d+)$/.exec(part)?.[1] ?? NaN) || null;
  const say = (count: number, unit: string): string => (count === 1 ? `every ${unit}` : `every ${count} ${unit}s`);
  const seconds = every(second);
  if (seconds !== null && minute === '*' && hour === '*') return say(seconds, 'second');
  const minutes = every(minute);
  if (/^\d+$/.test(second) && minutes !== null && hour === '*') return say(minutes, 'minute');
  const hours = every(hour);
  return /^\d+$/.test(second) && /^\d+$/.test(minute) && hours !== null ? say(hours, 'hour') : null;
}
