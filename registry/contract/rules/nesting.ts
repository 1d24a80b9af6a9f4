/** Whether parsed JSON is nested deeper than `limit` levels; walks it level by level, so it cannot overflow the stack itself. */
export function isNestedDeeperThan(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limit) return true;
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null ? (Object.values(item) as unknown[]) : [],
    );
  }
  return false;
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * The field (`document.servers.__proto__`) of a member that is named `__proto__`, which code that copies objects drops or applies; null: there is
 * none. Walks level by level, and builds names of fields only if one was found.
 */
export function findProtoMember(value: unknown): string | null {
  let level: unknown[] = [value];
  const levels: unknown[][] = [];
  while (level.length > 0) {
    const found = level.find((item) => isObject(item) && Object.hasOwn(item, '__proto__'));
    if (found !== undefined) {
      const names = ['__proto__'];
      for (let at: unknown = found; levels.length > 0;) {
        const parent = levels.pop()?.find((item) => isObject(item) && Object.values(item).includes(at)) as object;
        names.unshift(Object.entries(parent).find(([, member]) => member === at)?.[0] ?? '');
        at = parent;
      }
      return names.join('.');
    }
    levels.push(level);
    level = level.flatMap((item) => (isObject(item) ? (Object.values(item) as unknown[]) : []));
  }
  return null;
}
