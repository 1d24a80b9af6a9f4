import { chmodSync, existsSync, renameSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { CallLogLine } from '../../contract/index.ts';
import { INSERT, SCHEMA, UPGRADES, toCall, toValues, type CallRow } from './call-table.ts';
import { sumCalls, type CallSumQuery, type CallSums } from './sum-calls.ts';
import { searchCalls, type CallSearch, type FoundCalls } from './search-calls.ts';

/** A transaction that stores calls; without `commit` nothing is stored. */
export interface CallBatch {
  add(line: CallLogLine): void;
  /** Stores a value of `meta` with the calls. Returns the calls that were added last, at most `returned`, oldest first. */
  commit(meta: { key: string; value: string }, returned: number): ReturnType<typeof toCall>[];
  rollback(): void;
}

/** The single calls, in a separate database: they are numerous, may be lost, and are not part of backups. */
export interface CallStore {
  /** Begins a transaction; only one may be open. Searches see what it has added. */
  begin(): CallBatch;
  readMeta(key: string): string | undefined;
  search(search: CallSearch): FoundCalls;
  sum(query: CallSumQuery): CallSums;
  /** Deletes calls that ended before `beforeMs` (epoch milliseconds) and the oldest ones beyond `maxBytes` of the file; at most `maxRows`. Returns their number. */
  prune(options: { beforeMs: number; maxBytes: number; maxRows: number }): number;
  close(): void;
}

const VERSION = 3;
const BUSY_MS = 3_000;

function open(file: string): Database.Database {
  const isNew = !existsSync(file);
  const db = new Database(file, { timeout: BUSY_MS });
  try {
    if (isNew) chmodSync(file, 0o600);
    db.pragma('journal_mode = WAL');
    // NORMAL: a power cut may lose the last calls and their offset together, so they are read again from calls.log.
    db.pragma('synchronous = NORMAL');
    const version = db.pragma('user_version', { simple: true }) as number;
    if (version > VERSION) throw new Error(`version ${version} was written by a newer mcpgw`);
    const steps = [SCHEMA, UPGRADES[1], UPGRADES[2]].slice(version).join('');
    if (steps !== '') db.transaction(() => db.exec(`${steps} PRAGMA user_version = ${VERSION};`))();
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens the file; one that is damaged or newer is moved aside and an empty one created. `onMoved` gets the new name and the error. */
function openOrReplace(file: string, onMoved: (name: string, error: unknown) => void): Database.Database {
  try {
    return open(file);
  } catch (error) {
    const code = (error as { code?: string }).code ?? '';
    if (/^SQLITE_(BUSY|CANTOPEN|FULL|IOERR|READONLY)/.test(code) || file === ':memory:') throw error;
    const aside = `${file}.damaged-${Date.now()}`;
    renameSync(file, aside);
    for (const side of ['-wal', '-shm']) if (existsSync(file + side)) renameSync(file + side, aside + side);
    onMoved(aside, error);
    return open(file);
  }
}

/** Opens the store of single calls (created when absent, 0600). Throws SQLite's error when the file cannot be opened. */
export function openCallStore(file: string, onMoved: (name: string, error: unknown) => void): CallStore {
  const db = openOrReplace(file, onMoved);
  const insert = db.prepare(INSERT);
  const putMeta = db.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const latest = db.prepare<[number], CallRow>('SELECT * FROM calls ORDER BY id DESC LIMIT ?');
  const oldestIds = db.prepare<[number], number>('SELECT id FROM calls ORDER BY id LIMIT 1 OFFSET ?').pluck();
  const deleteBefore = db.prepare(
    'DELETE FROM calls WHERE id IN (SELECT id FROM calls WHERE time_ms < ? ORDER BY time_ms LIMIT ?)',
  );
  const deleteUpTo = db.prepare('DELETE FROM calls WHERE id < ?');
  const pragma = (name: string) => Number(db.pragma(name, { simple: true }));

  /** Bytes of the file in use: deleted rows leave free pages, which new rows reuse. */
  const usedBytes = () => (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');

  return {
    begin() {
      db.exec('BEGIN IMMEDIATE');
      let added = 0;
      return {
        add(line) {
          insert.run(...toValues(line));
          added += 1;
        },
        commit({ key, value }, returned) {
          putMeta.run(key, value);
          const stored = latest.all(Math.min(added, returned)).reverse().map(toCall);
          db.exec('COMMIT');
          return stored;
        },
        // SQLite ends a transaction by itself on some errors, such as a full disk (sqlite.org/lang_transaction.html, section 3).
        rollback() {
          if (db.inTransaction) db.exec('ROLLBACK');
        },
      };
    },
    readMeta: (key) => db.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck().get(key),
    search: (search) => searchCalls(db, search),
    sum: (query) => sumCalls(db, query),
    prune({ beforeMs, maxBytes, maxRows }) {
      const expired = deleteBefore.run(beforeMs, maxRows).changes;
      if (expired > 0 || usedBytes() <= maxBytes) return expired;
      const firstKept = oldestIds.get(maxRows);
      return firstKept === undefined ? 0 : deleteUpTo.run(firstKept).changes;
    },
    close: () => db.close(),
  };
}
