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

test('a stored grant continues to apply to resources and prompts', async () => {
  const file = join(folder, 'mcpgw.db');
  const raw = new Database(file);
  const older = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '0013'));
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: raw }) });
  await new Migrator({ db, provider: { getMigrations: () => Promise.resolve(older) } }).migrateToLatest();
  raw
    .prepare(
      `insert into agents (name, description, role, enabled, expires_at, grants_json, created_at, revision)
       values ('a', '', null, 1, null, '[{"server":"team/*","tools":["a"]}]', '2026-11-21T00:00:00.000Z', 1)`,
    )
    .run();
  await db.destroy();

  const store = await openStore({ file, sealer: createSealer('x'.repeat(32)) });
  expect((await store.agents.byName('a'))?.grants).toEqual([
    { server: 'team/*', tools: ['a'], resources: ['*'], prompts: ['*'] },
  ]);
  await store.close();
});
