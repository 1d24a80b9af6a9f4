import Database from 'better-sqlite3';
import { describeError, RegistryError } from '../../lib/errors.ts';
import { MIGRATIONS } from '../migrations/index.ts';

/** Properties of a database file. */
export interface DatabaseFacts {
  /** Name of the last migration that was applied. */
  schema: string;
  /** Revision of the registry: its number of changes. */
  revision: number;
}

function damaged(file: string, what: string, cause?: unknown): RegistryError {
  return new RegistryError('unavailable', `the database ${file} is damaged (${what})`, {
    hint: 'Restore a backup of it; the file was not changed.',
    cause,
  });
}

function readFacts(db: Database.Database, file: string): DatabaseFacts {
  const found = db.pragma('integrity_check(1)', { simple: true }) as string;
  if (found !== 'ok') throw damaged(file, found);
  const orphans = db.pragma('foreign_key_check') as { table: string }[];
  if (orphans[0] !== undefined) throw damaged(file, `a row of ${orphans[0].table} violates a foreign key`);
  const applied = db.prepare('select name from kysely_migration order by name').pluck().all() as string[];
  const newer = applied.filter((name) => !(name in MIGRATIONS));
  if (newer.length > 0)
    throw new RegistryError('unavailable', `${file} was written by a newer mcpgw (${newer.join(', ')})`, {
      hint: 'Use the newer version, or a backup created by this one. The file was not changed.',
    });
  const revision = db.prepare("select value from meta where key = 'revision'").pluck().get() as string;
  return { schema: applied.at(-1) ?? '', revision: Number(revision) };
}

/**
 * Checks a whole database file without changing it, also while a gateway writes to it. Throws RegistryError `unavailable`, with the remedy, when it is
 * missing, damaged or newer than this program.
 */
export function inspectDatabase(file: string): DatabaseFacts {
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true, fileMustExist: true });
    return readFacts(db, file);
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    if ((error as { code?: string }).code === 'SQLITE_CANTOPEN')
      throw new RegistryError('unavailable', `the database ${file} does not exist or cannot be opened`, {
        hint: 'Check DATA_DIR and DATABASE_URL, and the permissions of the file.',
        cause: error,
      });
    throw damaged(file, describeError(error), error);
  } finally {
    db?.close();
  }
}
