import { RegistryError } from '../errors.ts';

/** A failure of SQLite in words, with the remedy (sqlite.org/rescode.html); undefined for anything else. */
export function explainDatabaseFailure(thrown: unknown): RegistryError | undefined {
  const code = (thrown as { code?: unknown } | null)?.code;
  if (typeof code !== 'string' || !code.startsWith('SQLITE_')) return undefined;
  const tell = (what: string, hint: string, retryAfterS?: number) =>
    new RegistryError('unavailable', `the database ${what}; nothing was changed`, {
      cause: thrown,
      hint,
      ...(retryAfterS !== undefined && { retryAfterS }),
    });
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
    return tell('is locked by another process', 'Try again; if it stays so, end the program that holds it.', 3);
  if (code === 'SQLITE_FULL') return tell('cannot be written: the disk is full', 'Free space where DATA_DIR lies.');
  if (code.startsWith('SQLITE_IOERR') || code.startsWith('SQLITE_CANTOPEN'))
    return tell('cannot be read or written', 'Look at the disk and the rights of DATA_DIR; is it full?');
  if (code.startsWith('SQLITE_READONLY'))
    return tell('may not be written', 'Give DATA_DIR back to the user that runs mcpgw.');
  if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB')
    return tell('is damaged', 'Stop mcpgw and put back a backup of it.');
  return undefined;
}
