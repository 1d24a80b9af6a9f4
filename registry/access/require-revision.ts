import { RegistryError } from '../errors.ts';

/** Throws `stale` when the caller based its change on another revision than the one that stands. */
export function requireRevision(what: string, current: number, expected: number | undefined): void {
  if (expected === undefined || expected === current) return;
  throw new RegistryError(
    'stale',
    `${what} was changed by someone else in the meantime: it is at revision ${current}, you changed revision ${expected}`,
    { hint: 'Read it again, decide whether your change still holds, and send it with the new ETag.' },
  );
}
