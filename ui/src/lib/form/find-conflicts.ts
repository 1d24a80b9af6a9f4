export interface Conflict {
  field: string;
  mine: unknown;
  theirs: unknown;
}

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The fields of `patch` whose stored value (`current`) changed since editing began (`base`) and differs from the patch. */
export function findConflicts(
  base: Readonly<Record<string, unknown>>,
  patch: Readonly<Record<string, unknown>>,
  current: Readonly<Record<string, unknown>>,
): Conflict[] {
  return Object.entries(patch)
    .filter(([field, mine]) => !isEqual(base[field], current[field]) && !isEqual(mine, current[field]))
    .map(([field, mine]) => ({ field, mine, theirs: current[field] }));
}

/** A value as readable text. */
export function formatValue(value: unknown): string {
  if (value === undefined || value === null || value === '') return '(empty)';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ') || '(none)';
  return JSON.stringify(value, null, 2);
}
