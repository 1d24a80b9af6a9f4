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

/** Rows as a registry of that version wrote them, by the migration that added their tables or columns. */
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
    `insert into tool_changes (server_id, at, kind, tool, previous_name, fields_json, before_json, after_json) values ('s1', '${now}', 'added', 'echo', null, '[]', null, '{"name":"echo"}')`,
    `insert into pins values ('s1', 'enforce', '${now}', 'ada')`,
    `insert into approvals values ('s1', 'echo', 'h', '{"name":"echo","inputSchema":{}}')`,
  ],
  '0003-calls': [
    `insert into call_durations values (60, 60, 'weather', 'echo', 5, 2)`,
    `insert into call_counts values (60, 60, 'weather', 'bob', 'echo', 'allowed', 2, 2, 0, 5)`,
  ],
  '0005-left-out-tools': [`update instances set left_out_json = '[{"name":"bad","problem":"p"}]'`],
  '0009-forward-headers': [`update servers set forward_headers_json = '["X-Tenant"]'`],
  '0011-audit-chain': [
    `insert into audit (at, actor_kind, actor_name, action, target, revision, request_id, mac) values ('${now}', 'user', 'ada', 'server.changed', 'weather', 6, 'r1', 'm')`,
  ],
  '0012-server-tls': [`update servers set tls_sealed = '${sealer.seal('{"ca":"CA"}')}'`],
  '0013-grants-by-kind': [
    `update agents set grants_json = '[{"server":"weather","tools":["*"],"resources":[],"prompts":["*"]}]'`,
  ],
  '0014-kills': [`insert into kills values ('x1', 'agent', 'eve', 'stolen key', '${now}', 'ada')`],
  '0015-programs': [
    `update servers set program_json = '{"command":"node","args":["x.js"],"cwd":null,"process":{}}', env_names_json = '["TOKEN"]', env_sealed = '${sealer.seal('{"TOKEN":"secret"}')}'`,
  ],
  '0016-tool-issues': [
    `update observations set health_since = '${now}'`,
    `insert into tool_issues values ('s1', 'flagged', 2, '${now}')`,
  ],
  '0017-groups': [
    `update agents set owner = 'team', tags_json = '["ci"]'`,
    `update agent_keys set servers_json = '["weather"]'`,
    `insert into groups values ('readers', 'd', '[{"server":"*","tools":["get_*"],"resources":["*"],"prompts":["*"]}]', '${now}', 6)`,
    `insert into agent_groups values ('bob', 'readers')`,
    `insert into key_uses values ('k1', 'bob', '${now}')`,
  ],
  '0018-recordings': [`insert into recordings values ('s1', '{"arguments":true}')`],
  '0020-limits': [
    `insert into limits values ('agent', 'bob', 'UTC', '[]', 6), ('group', 'readers', 'UTC', '[]', 6), ('server', 's1', 'UTC', '[]', 6)`,
  ],
  '0022-tool-list': [`update agents set tool_list = 'meta'`],
  '0024-managed-by-a-file': [
    `update servers set managed_by = 'ci'`,
    `insert into taken_over values ('server', 'weather', 'ci', '${now}', 'ada')`,
  ],
  '0027-tool-errors': ['update call_counts set tool_errors = 1'],
  '0030-managed-limits': [`update limits set managed_by = 'ci' where scope = 'group'`],
  '0031-virtual-servers': [
    `update servers set virtual_json = '{"version":1,"tools":[{"server":"search","tool":"find"}]}'`,
    `insert into virtual_versions values ('s1', 1, '${now}', 'ada', '[{"server":"search","tool":"find"}]')`,
  ],
  '0033-adapted-servers': ['update servers set adapt = 1'],
};

const folder = mkdtempSync(join(tmpdir(), 'mcpgw-schemas-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Applies the migrations one by one, writes the rows of each version, and stores a copy of each step. */
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
      program: has('0015') ? { command: 'node', args: ['x.js'] } : null,
      envNames: has('0015') ? ['TOKEN'] : [],
      ...(has('0012') && { tls: { ca: 'CA' } }),
      ...(has('0024') && { managedBy: 'ci' }),
      adapt: has('0033'),
      instances: [
        {
          ...{ id: 'i1', url: 'http://10.0.0.1/mcp', query: 'token=secret', weight: 2, toolsHash: 'h1' },
          ...(has('0005') && { malformed: [{ name: 'bad' }] }),
        },
      ],
    },
  ]);
  expect(await store.servers.credentials('s1')).toEqual({ Authorization: 'Bearer secret' });
  expect(await store.observations.byServer('s1')).toMatchObject({ health: 'healthy', era: 'legacy' });
  const resources = has('0013') ? [] : ['*'];
  expect(await store.agents.all()).toMatchObject([
    {
      name: 'bob',
      grants: [{ server: 'weather', tools: ['*'], resources, prompts: ['*'] }],
      ...(has('0017') ? { owner: 'team', tags: ['ci'], groups: ['readers'] } : { owner: '', tags: [], groups: [] }),
      toolList: has('0022') ? 'meta' : 'auto',
      keys: [{ id: 'k1', servers: has('0017') ? ['weather'] : null }],
    },
  ]);
  expect(await store.agents.byKeyHash('a'.repeat(64))).toMatchObject({ agent: { name: 'bob' }, key: { id: 'k1' } });
  expect(await store.users.all()).toMatchObject([{ username: 'ada', role: 'admin' }]);
  expect((await store.audit.list({ limit: 5 })).map(({ action }) => action)).toEqual([
    ...(has('0011') ? ['server.changed'] : []),
    'server.registered',
  ]);
  expect(await store.generations.byNumber(3)).toMatchObject({ state: 'verified', verifiedAt: now });
  expect(await store.meta.revision()).toBe(7);
  if (has('0002')) {
    expect(await store.checks.list('s1', 5)).toMatchObject([{ health: 'healthy' }]);
    expect(await store.toolLocks.byServer('s1')).toMatchObject({ mode: 'block', lockedBy: 'ada' });
  }
  if (has('0014')) expect(await store.kills.all()).toMatchObject([{ target: 'eve', reason: 'stolen key' }]);
  if (has('0016'))
    expect(await store.toolIssues.byServer('s1')).toContainEqual({ kind: 'flagged', count: 2, since: now });
  if (has('0017')) {
    expect(await store.groups.all()).toMatchObject([
      { name: 'readers', agents: ['bob'], grants: [{ tools: ['get_*'] }] },
    ]);
    expect(await store.keyUses.list()).toEqual([{ keyId: 'k1', agent: 'bob', at: now }]);
  }
  if (has('0018')) expect(await store.recordings.byServer('s1')).toEqual({ arguments: true });
  if (has('0020'))
    expect((await store.limits.all()).map(({ scope, target }) => `${scope} ${target}`).sort()).toEqual([
      'agent bob',
      'group readers',
      'server s1',
    ]);
  if (has('0030'))
    expect(await store.limits.of({ scope: 'group', target: 'readers' })).toMatchObject({ managedBy: 'ci' });
  if (has('0031')) {
    expect(await store.virtualVersions.list('s1')).toMatchObject([
      { version: 1, by: 'ada', tools: [{ tool: 'find' }] },
    ]);
    expect(await store.virtualVersions.usersOf('search')).toEqual(['s1']);
  }
  if (has('0024')) expect(await store.takenOver.all()).toMatchObject([{ name: 'weather', source: 'ci' }]);
  await store.close();
  const raw = new Database(file);
  expect([raw.pragma('integrity_check', { simple: true }), raw.pragma('foreign_key_check')]).toEqual(['ok', []]);
  if (has('0002')) expect(raw.prepare('select tool from tool_changes').pluck().all()).toEqual(['echo']);
  if (has('0003')) expect(raw.prepare('select count from call_durations').pluck().all()).toEqual([2]);
  if (has('0003')) expect(raw.prepare('select requests from call_counts').pluck().all()).toEqual([2]);
  if (has('0027')) expect(raw.prepare('select tool_errors from call_counts').pluck().all()).toEqual([1]);
  raw.close();
});
