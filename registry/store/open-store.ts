import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { describeError, RegistryError } from '../lib/errors.ts';
import { createChange, type Change } from './change.ts';
import { countWrites } from './cache/count-writes.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { cacheLists } from './cache/list-cache.ts';
import { reuseStatements } from './cache/statement-cache.ts';
import { createRows, type Rows } from './rows/rows.ts';
import type { Sealer } from './seal.ts';
import type { Tables } from './tables.ts';
import { createTransactionScope } from './transaction-scope.ts';

export interface Store extends Rows {
  change: Change;
  /** Several writes that are not a change by an operator, in one transaction: no audit row, no new revision. */
  transaction<Value>(work: (rows: Rows) => Promise<Value>): Promise<Value>;
  close(): Promise<void>;
}

const BUSY_MS = 3_000;

function openFailure(file: string, what: string, hint: string, cause?: unknown): RegistryError {
  return new RegistryError('unavailable', `the database ${file} ${what}`, {
    hint: `${hint} The file was not changed.`,
    cause,
  });
}

/** Sets the file to 0600, creating it when absent. SQLite creates its side files with the mode of the database (findCreateFileMode of os_unix.c). */
function restrictMode(file: string): void {
  if (!existsSync(file)) closeSync(openSync(file, 'wx', 0o600));
  for (const path of [file, `${file}-wal`, `${file}-shm`]) if (existsSync(path)) chmodSync(path, 0o600);
}

function openFile(file: string): Database.Database {
  try {
    if (file !== ':memory:') restrictMode(file);
    const db = new Database(file, { timeout: BUSY_MS });
    db.pragma('journal_mode = WAL');
    // FULL: acknowledged writes also survive a power cut, not only a killed process (sqlite.org/pragma.html#pragma_synchronous).
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    const checked = db.pragma('quick_check(1)', { simple: true }) as string;
    if (checked !== 'ok') throw new Error(checked);
    return db;
  } catch (cause) {
    const code = (cause as { code?: string }).code ?? '';
    if (code.startsWith('SQLITE_BUSY'))
      throw openFailure(
        file,
        'is locked by another process',
        'Stop the other program that has it open (a second gateway on the same DATA_DIR?), then start again.',
        cause,
      );
    if (code === 'SQLITE_CANTOPEN' || /^E[A-Z]+$/.test(code))
      throw openFailure(
        file,
        'cannot be opened',
        'Check that its folder exists and belongs to the user that runs mcpgw.',
        cause,
      );
    throw openFailure(
      file,
      `is damaged (${describeError(cause)})`,
      'Restore a backup of it, or move it and its -wal and -shm files away to start with an empty one.',
      cause,
    );
  }
}

async function migrate(db: Kysely<Tables>, file: string): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(MIGRATIONS) } });
  const { error } = await migrator.migrateToLatest();
  if (error === undefined) return;
  if (describeError(error).includes('missing'))
    throw openFailure(
      file,
      'was written by a newer mcpgw',
      'Start the newer version again, or restore a backup created by this one.',
      error,
    );
  throw openFailure(
    file,
    `could not be migrated (${describeError(error)})`,
    'Report this with the error message.',
    error,
  );
}

/**
 * Opens the SQLite file (created when absent, 0600), checks it and migrates it forward.
 * Throws RegistryError `unavailable` with the remedy when it is damaged, locked or newer than the program; then it is left unchanged.
 */
export async function openStore(options: { file: string; sealer: Sealer }): Promise<Store> {
  const { file, sealer } = options;
  const sqlite = openFile(file);
  const writes = countWrites();
  const db = new Kysely<Tables>({
    dialect: new SqliteDialect({ database: reuseStatements(sqlite) }),
    plugins: [writes.plugin],
  });
  try {
    await migrate(db, file);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  // Changes when another program has written (sqlite.org/pragma.html#pragma_data_version).
  const dataVersion = sqlite.prepare('pragma data_version').pluck();
  const scope = createTransactionScope();
  return {
    ...cacheLists(
      createRows(db.withPlugin(scope.plugin), sealer),
      (...tables) => `${writes.countOf(...tables)} ${String(dataVersion.get())}`,
    ),
    change: createChange(db, sealer, scope),
    async transaction(work) {
      scope.requireOutside();
      return db.transaction().execute((trx) => scope.run(() => work(createRows(trx, sealer))));
    },
    close: () => db.destroy(),
  };
}
