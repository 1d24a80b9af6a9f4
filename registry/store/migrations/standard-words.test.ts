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

test('a database of the previous version keeps its tool locks, checks and rejected servers', async () => {
  const file = join(folder, 'mcpgw.db');
  const raw = new Database(file);
  const older = Object.fromEntries(Object.entries(MIGRATIONS).filter(([name]) => name < '0006'));
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: raw }) });
  await new Migrator({ db, provider: { getMigrations: () => Promise.resolve(older) } }).migrateToLatest();
  raw.pragma('foreign_keys = OFF');
  raw.prepare(`insert into pins values ('s1', 'enforce', '2026-01-01T00:00:00Z', 'ada')`).run();
  raw.prepare(`insert into approvals values ('s1', 'echo', 'h', '{"name":"echo","inputSchema":{}}')`).run();
  raw
    .prepare(`insert into checks (server_id, at, observed, latency_ms, problem) values ('s1', 5, 'healthy', 1, null)`)
    .run();
  await db.destroy();

  const store = await openStore({ file, sealer: createSealer('a secret') });
  expect(await store.toolLocks.byServer('s1')).toEqual({
    mode: 'block',
    lockedAt: '2026-01-01T00:00:00Z',
    lockedBy: 'ada',
  });
  expect(await store.toolLocks.approvals('s1')).toMatchObject([{ name: 'echo', hash: 'h' }]);
  expect(await store.checks.list('s1', 10)).toMatchObject([{ health: 'healthy', latencyMs: 1 }]);
  await store.close();
});
