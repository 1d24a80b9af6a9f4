import { RegistryError } from '../lib/errors.ts';

/** Returns a failure of SQLite as an error with the remedy (sqlite.org/rescode.html); undefined for anything else. */
export function explainDatabaseFailure(thrown: unknown): RegistryError | undefined {
  const code = (thrown as { code?: unknown } | null)?.code;
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) return undefined;
  const unavailable = (what: string, hint: string, retryAfterS?: number) =>
    new RegistryError('unavailable', `the database ${what}; nothing was changed`, {
      cause: thrown,
      hint,
      ...(retryAfterS !== undefined && { retryAfterS }),
    });
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return unavailable('is locked by another process', 'Try again; if it stays locked, stop that process.', 3);
  if (code === 'SQLITE_FULL')
    return unavailable('cannot be written: the disk is full', 'Free space on the disk of DATA_DIR.');
  if (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CANTOPEN'))
    return unavailable(
      'cannot be read or written',
      'Check the disk and the permissions of DATA_DIR; is the disk full?',
    );
  if (code.startsWith('SQLITE_READONLY'))
    return unavailable('may not be written', 'Make the user that runs mcpgw the owner of DATA_DIR.');
  if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB')
    return unavailable('is damaged', 'Stop mcpgw and restore a backup of it.');
  return undefined;
}
