import type { Page } from '../../contract/index.ts';
import { HttpProblem } from './problem.ts';

/** Where a page ended, as text that may appear in a URL. Its content is opaque to clients. */
export function writeCursor(last: string | number): string {
  return Buffer.from(JSON.stringify(last)).toString('base64url');
}

/** For a cursor that this list did not issue. */
export function unknownCursor(): HttpProblem {
  return new HttpProblem(
    400,
    'Unknown cursor',
    'this cursor was not issued by this list; use nextCursor of the previous page',
  );
}

/** The value that `writeCursor` encoded; undefined for none. Throws 400 when it was not issued here. */
export function readCursor<Kind extends 'string' | 'number'>(
  kind: Kind,
  cursor: string | undefined,
): (Kind extends 'string' ? string : number) | undefined {
  if (cursor === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isKind = typeof value === kind && (kind === 'string' || (Number.isSafeInteger(value) && Number(value) >= 0));
    if (isKind && writeCursor(value as string | number) === cursor)
      return value as Kind extends 'string' ? string : number;
  } catch {
    // reported below
  }
  throw unknownCursor();
}

/** Cuts a page from up to one item more than the limit, which shows whether it is the last. */
export function cutPage<Item>(items: Item[], limit: number, keyOf: (item: Item) => string | number): Page<Item> {
  const shown = items.slice(0, limit);
  const last = shown.at(-1);
  return items.length > limit && last !== undefined
    ? { items: shown, nextCursor: writeCursor(keyOf(last)) }
    : { items: shown };
}
