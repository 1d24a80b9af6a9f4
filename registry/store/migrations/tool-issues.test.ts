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

test('flagged and unapproved tools of a stored database are issues after the migration', async () => {
  const file = join(folder, 'mcpgw.db');
  const raw = new Database(file);
  const older = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '0016'));
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: raw }) });
  await new Migrator({ db, provider: { getMigrations: () => Promise.resolve(older) } }).migrateToLatest();
  raw.pragma('foreign_keys = OFF');
  const put = raw.prepare(
    `insert into tools (server_id, name, hash, tool_json, findings_json) values (?, ?, ?, '{}', ?)`,
  );
  put.run('open', 'poisoned', 'h1', '[{}]');
  put.run('open', 'clean', 'h2', '[]');
  put.run('locked', 'approved', 'h3', '[{}]');
  put.run('locked', 'changed', 'h4', '[]');
  put.run('locked', 'added', 'h5', '[]');
  raw.prepare(`insert into tool_locks values ('locked', 'block', '2026-01-01', 'ada')`).run();
  const approve = raw.prepare(`insert into approvals (server_id, name, hash, tool_json) values ('locked', ?, ?, '{}')`);
  approve.run('approved', 'h3');
  approve.run('changed', 'before');
  await db.destroy();

  const store = await openStore({ file, sealer: createSealer('a secret') });
  expect(await store.toolIssues.byServer('open')).toMatchObject([{ kind: 'flagged', count: 1 }]);
  expect(await store.toolIssues.byServer('locked')).toMatchObject([{ kind: 'blocked', count: 2 }]);
  await store.close();
});
