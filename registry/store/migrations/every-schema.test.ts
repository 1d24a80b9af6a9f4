import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../open-store.ts';
import { createSealer } from '../seal.ts';
import { MIGRATIONS } from './index.ts';

const NAMES = Object.keys(MIGRATIONS);
const sealer = createSealer('a secret');
const headers = sealer.seal('{"Authorization":"Bearer secret"}');
const query = sealer.seal('token=secret');
const now = '2026-01-01T00:00:00.000Z';

/** What a registry of that time had written, by the migration that made room for it. */
const ROWS: Record<string, string[]> = {
  '0001-core': [
    `update meta set value = '7' where key = 'revision'`,
    `insert into snapshots values ('h1', '[]', '${now}')`,
    `insert into servers (id, path, name, description, tags_json, transport, enabled, header_names_json, headers_sealed, host_mode, timeouts_json, license, stars, metadata_json, created_at, updated_at, removed_at, revision)
      values ('s1', 'weather', 'Weather', 'd', '["a"]', 'auto', 1, '["Authorization"]', '${headers}', 'upstream', '{"connectMs":5000,"readMs":1000,"sendMs":1000}', 'MIT', 3, '{}', '${now}', '${now}', null, 5)`,
    `insert into instances (server_id, id, position, url, query_sealed, weight, enabled, up, endpoints_json) values ('s1', 'i1', 0, 'http://10.0.0.1/mcp', '${query}', 2, 1, 1, null)`,
    `insert into observations values ('s1', 'healthy', 'legacy', '2025-06-18', null, '[]', 'h1', 0, '${now}', 1.5, null, null)`,
    `insert into agents values ('bob', '', null, 1, null, '[{"server":"weather","tools":["*"]}]', '${now}', 6)`,
    `insert into agent_keys values ('k1', 'bob', '${'a'.repeat(64)}', 'laptop', 'mgw_a…', '${now}', null)`,
    `insert into users values ('ada', 'hash', 'admin', 1, '${now}', null, 1)`,
    `insert into sessions values ('sid', 'ada', '{}', '2099-01-01T00:00:00.000Z')`,
    `insert into audit (at, actor_kind, actor_name, action, target, revision) values ('${now}', 'user', 'ada', 'server.registered', 'weather', 5)`,
    `insert into generations values (3, 'proven', 5, 1, '[]', 'Start', null, '', 'f', '${now}', '${now}', 12)`,
  ],
  '0002-knowledge': [
    `insert into checks (server_id, at, observed, latency_ms, problem) values ('s1', 5, 'healthy', 1, null)`,
    `insert into tools (server_id, name, hash, tool_json, findings_json) values ('s1', 'echo', 'h', '{"name":"echo","inputSchema":{"type":"object"}}', '[]')`,
    `insert into pins values ('s1', 'enforce', '${now}', 'ada')`,
    `insert into approvals values ('s1', 'echo', 'h', '{"name":"echo","inputSchema":{}}')`,
  ],
  '0003-calls': [`insert into call_counts values (60, 60, 'weather', 'bob', 'echo', 'allowed', 2, 2, 0, 5)`],
  '0009-forward-headers': [`update servers set forward_headers_json = '["X-Tenant"]'`],
};

const folder = mkdtempSync(join(tmpdir(), 'mcpgw-schemas-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Goes through the history of the schema, writes as it was written then, and keeps a copy of each step. */
beforeAll(async () => {
  const file = join(folder, 'mcpgw.db');
  for (const name of NAMES) {
    const raw = new Database(file);
    const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: raw }) });
    const known = Object.fromEntries(Object.entries(MIGRATIONS).filter(([one]) => one <= name));
    const { error } = await new Migrator({
      db,
      provider: { getMigrations: () => Promise.resolve(known) },
    }).migrateToLatest();
    expect(error).toBeUndefined();
    raw.pragma('foreign_keys = ON');
    for (const statement of ROWS[name] ?? []) raw.exec(statement);
    await db.destroy();
    copyFileSync(file, join(folder, `${name}.db`));
  }
});

test.each(NAMES)('a database of schema %s is opened by this program with all of its data', async (name) => {
  const file = join(folder, `${name}.db`);
  const store = await openStore({ file, sealer });
  const has = (migration: string) => name >= migration;
  expect(await store.servers.all()).toMatchObject([
    {
      id: 's1',
      path: 'weather',
      tags: ['a'],
      stars: 3,
      forwardHeaders: has('0009') ? ['X-Tenant'] : [],
      instances: [{ id: 'i1', url: 'http://10.0.0.1/mcp', query: 'token=secret', weight: 2, toolsHash: 'h1' }],
    },
  ]);
  expect(await store.servers.credentials('s1')).toEqual({ Authorization: 'Bearer secret' });
  expect(await store.observations.byServer('s1')).toMatchObject({ health: 'healthy', era: 'legacy' });
  expect(await store.agents.all()).toMatchObject([{ name: 'bob', grants: [{ server: 'weather', tools: ['*'] }] }]);
  expect(await store.agents.byKeyHash('a'.repeat(64))).toMatchObject({ agent: { name: 'bob' }, key: { id: 'k1' } });
  expect(await store.users.all()).toMatchObject([{ username: 'ada', role: 'admin' }]);
  expect(await store.audit.list({ limit: 5 })).toMatchObject([{ action: 'server.registered', target: 'weather' }]);
  expect(await store.generations.byNumber(3)).toMatchObject({ state: 'verified', verifiedAt: now });
  expect(await store.meta.revision()).toBe(7);
  if (has('0002')) {
    expect(await store.checks.list('s1', 5)).toMatchObject([{ health: 'healthy' }]);
    expect(await store.toolLocks.byServer('s1')).toMatchObject({ mode: 'block', lockedBy: 'ada' });
  }
  await store.close();
  const raw = new Database(file);
  expect([raw.pragma('integrity_check', { simple: true }), raw.pragma('foreign_key_check')]).toEqual(['ok', []]);
  if (has('0003')) expect(raw.prepare('select requests from call_counts').pluck().all()).toEqual([2]);
  raw.close();
});
