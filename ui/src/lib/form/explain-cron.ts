/** Minimum and maximum of each field: second, minute, hour, day of month, month, day of week. */
const FIELDS: [name: string, min: number, max: number, names: string][] = [
  ['second', 0, 59, ''],
  ['minute', 0, 59, ''],
  ['hour', 0, 23, ''],
  ['day of month', 1, 31, ''],
  ['month', 1, 12, 'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec'],
  ['day of week', 0, 7, 'sun|mon|tue|wed|thu|fri|sat'],
];

function isItem(item: string, min: number, max: number, names: string): boolean {
  const [range = '', step, ...rest] = item.split('/');
  if (rest.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === '*') return true;
  const known = new RegExp(`^(${names}${names === '' ? '' : '|'}\\d{1,2})[a-z]*$`, 'i');
  const ends = range.split('-');
  if (ends.length > 2 || ends.some((end) => !known.test(end))) return false;
  return ends.every((end) => !/^\d/.test(end) || (/^\d+$/.test(end) && Number(end) >= min && Number(end) <= max));
}

/** The error in a cron expression of six fields, or null. The registry does the full validation. */
export function explainCron(cron: string): string | null {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== FIELDS.length)
    return 'A schedule has six fields: second, minute, hour, day of month, month, day of week.';
  for (const [index, [name, min, max, names]] of FIELDS.entries())
    if (!(fields[index] ?? '').split(',').every((item) => isItem(item, min, max, names)))
      return `“${fields[index] ?? ''}” is not a valid ${name}: use *, */n, or numbers from ${min} to ${max}.`;
  return null;
}
