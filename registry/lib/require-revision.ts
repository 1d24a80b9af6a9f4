import { RegistryError } from './errors.ts';

/**
 * Throws RegistryError `stale` when a change is based on another revision than the current one (`If-Match`); `expected` undefined means any.
 * `what` names the resource in the message: `the user "ada"`.
 */
export function requireRevision(what: string, current: number, expected: number | undefined): void {
  if (expected === undefined || expected === current) return;
  throw new RegistryError(
    'stale',
    `If-Match: ${what} is at revision ${current}, not ${expected}: it was changed in the meantime`,
    { hint: 'Read it again, check what changed, and send your change with the new ETag.' },
  );
}
