import Database from 'better-sqlite3';
import { describeError, RegistryError } from '../../lib/errors.ts';
import { MIGRATIONS } from '../migrations/index.ts';

/** What a database file is. */
export interface DatabaseFacts {
  /** Name of the last migration that was applied. */
  schema: string;
  /** Of the registry: how many changes there were. */
  revision: number;
}

function damaged(file: string, what: string, cause?: unknown): RegistryError {
  return new RegistryError('unavailable', `the database ${file} is damaged (${what})`, {
    hint: 'Restore a backup of it; the file was left as it is.',
    cause,
  });
}

function readFacts(db: Database.Database, file: string): DatabaseFacts {
  const found = db.pragma('integrity_check(1)', { simple: true }) as string;
  if (found !== 'ok') throw damaged(file, found);
  const orphans = db.pragma('foreign_key_check') as { table: string }[];
  if (orphans[0] !== undefined) throw damaged(file, `a row of ${orphans[0].table} belongs to nothing`);
  const applied = db.prepare('select name from kysely_migration order by name').pluck().all() as string[];
  const newer = applied.filter((name) => !(name in MIGRATIONS));
  if (newer.length > 0)
    throw new RegistryError('unavailable', `${file} was written by a newer mcpgw (${newer.join(', ')})`, {
      hint: 'Use the newer version, or a backup that this one made. The file was left as it is.',
    });
  const revision = db.prepare("select value from meta where key = 'revision'").pluck().get() as string;
  return { schema: applied.at(-1) ?? '', revision: Number(revision) };
}

/**
 * Reads a whole database file, also while a gateway writes to it, and changes nothing. Throws RegistryError `unavailable`, with the remedy, when it is
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
      throw new RegistryError('unavailable', `there is no database ${file} that can be opened`, {
        hint: 'Check DATA_DIR and DATABASE_URL, and who may read the file.',
        cause: error,
      });
    throw damaged(file, describeError(error), error);
  } finally {
    db?.close();
  }
}
