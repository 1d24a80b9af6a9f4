import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../open-store.ts';
import { createSealer } from '../seal.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'mcpgw-migrate-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a stored grant goes on to hold for resources and prompts', async () => {
  const file = join(folder, 'mcpgw.db');
  const open = () => openStore({ file, sealer: createSealer('x'.repeat(32)) });
  const agent = { name: 'a', description: '', role: null, enabled: true, expiresAt: null, grants: [] };
  const store = await open();
  await store.agents.put({ ...agent, createdAt: '2026-11-21T00:00:00.000Z', revision: 1 });
  await store.close();
  const raw = new Database(file);
  raw.prepare('update agents set grants_json = ?').run('[{"server":"team/*","tools":["a"]}]');
  raw.exec('drop table kills');
  raw.prepare('delete from kysely_migration where name >= ?').run('0013-grants-by-kind');
  raw.close();

  const again = await open();
  expect((await again.agents.byName('a'))?.grants).toEqual([
    { server: 'team/*', tools: ['a'], resources: ['*'], prompts: ['*'] },
  ]);
  await again.close();
});
