export interface Conflict {
  field: string;
  mine: unknown;
  theirs: unknown;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The fields of `patch` whose value on the server is no longer what it was when the editing began. */
export function findConflicts(
  base: Readonly<Record<string, unknown>>,
  patch: Readonly<Record<string, unknown>>,
  current: Readonly<Record<string, unknown>>,
): Conflict[] {
  return Object.entries(patch)
    .filter(([field, mine]) => !same(base[field], current[field]) && !same(mine, current[field]))
    .map(([field, mine]) => ({ field, mine, theirs: current[field] }));
}

/** A value as a person reads it. */
export function showValue(value: unknown): string {
  if (value === undefined || value === null || value === '') return '(empty)';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ') || '(none)';
  return JSON.stringify(value, null, 2);
}
