import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../open-store.ts';
import { createSealer } from '../seal.ts';
import { MIGRATIONS } from './index.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'mcpgw-migrate-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('generations of a stored database are verified after the migration', async () => {
  const file = join(folder, 'mcpgw.db');
  const raw = new Database(file);
  const older = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '0007'));
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: raw }) });
  await new Migrator({ db, provider: { getMigrations: () => Promise.resolve(older) } }).migrateToLatest();
  const at = '2026-11-21T00:00:00.000Z';
  raw
    .prepare(
      `insert into generations (number, state, revision, servers, rejected_json, cause, nginx_output, fingerprint, created_at, proven_at)
       values (1, 'proven', 1, 0, '[]', 'a', '', '', ?, ?)`,
    )
    .run(at, at);
  await db.destroy();

  const store = await openStore({ file, sealer: createSealer('x'.repeat(32)) });
  expect(await store.generations.byNumber(1)).toMatchObject({ state: 'verified', verifiedAt: at });
  await store.close();
});
