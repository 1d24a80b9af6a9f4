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
    return unavailable('is locked by another process', 'Try again; if it stays so, end the program that holds it.', 3);
  if (code === 'SQLITE_FULL')
    return unavailable('cannot be written: the disk is full', 'Free space where DATA_DIR lies.');
  if (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CANTOPEN'))
    return unavailable(
      'cannot be read or written',
      'Check the disk and the permissions of DATA_DIR; is the disk full?',
    );
  if (code.startsWith('SQLITE_READONLY'))
    return unavailable('may not be written', 'Give DATA_DIR back to the user that runs mcpgw.');
  if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB')
    return unavailable('is damaged', 'Stop mcpgw and put back a backup of it.');
  return undefined;
}
