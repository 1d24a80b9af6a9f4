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

test('audit actions of pins become those of tool locks, and a rollback remains in force', async () => {
  const file = join(folder, 'mcpgw.db');
  const raw = new Database(file);
  const older = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '0010'));
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: raw }) });
  await new Migrator({ db, provider: { getMigrations: () => Promise.resolve(older) } }).migrateToLatest();
  const insert = raw.prepare(
    `insert into audit (at, actor_kind, actor_name, action, target, revision) values ('2026-01-01T00:00:00Z', 'user', 'ada', ?, 'weather', 1)`,
  );
  for (const action of ['tools.pinned', 'tools.unpinned', 'server.registered']) insert.run(action);
  raw.prepare(`insert into meta (key, value) values ('publishing.pin', '{"number":3}')`).run();
  await db.destroy();

  const store = await openStore({ file, sealer: createSealer('a secret') });
  const actions = (await store.audit.list({ limit: 10 })).map(({ action }) => action);
  expect(actions).toEqual(['server.registered', 'tools.unlocked', 'tools.locked']);
  expect(await store.meta.get('publishing.rollback')).toBe('{"number":3}');
  await store.close();
});
