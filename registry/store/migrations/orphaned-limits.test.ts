import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterEach, expect, test } from 'vitest';
import { openStore } from '../open-store.ts';
import { createSealer } from '../seal.ts';
import { MIGRATIONS } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'mcpgw-migration-'));
afterEach(() => rmSync(folder, { recursive: true }));

test('limits of removed agents and groups are deleted, others remain', async () => {
  const file = join(folder, 'mcpgw.db');
  const raw = new Database(file);
  const older = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '0028'));
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: raw }) });
  await new Migrator({ db, provider: { getMigrations: () => Promise.resolve(older) } }).migrateToLatest();
  raw.pragma('foreign_keys = OFF');
  const limit = raw.prepare(`insert into limits values (?, ?, 'UTC', '[]', 1)`);
  for (const target of ['there', 'gone']) for (const scope of ['agent', 'group', 'server']) limit.run(scope, target);
  raw
    .prepare(
      `insert into agents (name, description, role, enabled, expires_at, grants_json, created_at, revision)
    values ('there', '', null, 1, null, '[]', '2026-01-01', 1)`,
    )
    .run();
  raw
    .prepare(
      `insert into groups (name, description, grants_json, created_at, revision)
    values ('there', '', '[]', '2026-01-01', 1)`,
    )
    .run();
  await db.destroy();

  const store = await openStore({ file, sealer: createSealer('a secret') });
  expect((await store.limits.all()).map(({ scope, target }) => `${scope} ${target}`).sort()).toEqual([
    'agent there',
    'group there',
  ]);
  await store.close();
});
