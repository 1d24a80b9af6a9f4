/** A cron expression with seconds in English ("every 30 seconds"), or null if it is not a simple interval. */
export function describeCron(cron: string): string | null {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 6 || fields.slice(3).some((field) => field !== '*')) return null;
  const [second = '', minute = '', hour = ''] = fields;
  const interval = (field: string): number | null =>
    field === '*' ? 1 : Number(/^\*\/(\d+)$/.exec(field)?.[1] ?? NaN) || null;
  const format = (count: number, unit: string): string => (count === 1 ? `every ${unit}` : `every ${count} ${unit}s`);
  const seconds = interval(second);
  if (seconds !== null && minute === '*' && hour === '*') return format(seconds, 'second');
  const minutes = interval(minute);
  if (/^\d+$/.test(second) && minutes !== null && hour === '*') return format(minutes, 'minute');
  const hours = interval(hour);
  return /^\d+$/.test(second) && /^\d+$/.test(minute) && hours !== null ? format(hours, 'hour') : null;
}
