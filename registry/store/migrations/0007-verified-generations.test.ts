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

test('generations of a stored database are verified after the migration', async () => {
  const file = join(folder, 'mcpgw.db');
  const open = () => openStore({ file, sealer: createSealer('x'.repeat(32)) });
  const at = '2026-11-21T00:00:00.000Z';
  const generation = { number: 1, revision: 1, servers: 0, rejected: [], cause: 'a', nginxOutput: '', fingerprint: '' };
  const store = await open();
  await store.generations.add({
    ...generation,
    ...{ state: 'verified', error: null, createdAt: at, verifiedAt: at, tookMs: 1 },
  });
  await store.close();
  const raw = new Database(file);
  raw.exec("alter table generations rename column verified_at to proven_at; update generations set state = 'proven'");
  raw.prepare('delete from kysely_migration where name >= ?').run('0007-verified-generations');
  raw.close();

  const again = await open();
  expect(await again.generations.byNumber(1)).toMatchObject({ state: 'verified', verifiedAt: at });
  await again.close();
});
