import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { instanceToWrite, serverToWrite } from '../../test/support/registry/server-to-write.ts';
import { openStore } from './open-store.ts';
import { createSealer } from './seal.ts';

const actor = { kind: 'system', name: 'test', address: null } as const;
const sealer = createSealer('a secret of the test');
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-store-'));
  file = join(folder, 'mcpgw.db');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('a change bumps the revision and writes the audit row, and survives reopening', async () => {
  const store = await openStore({ file, sealer });
  const done = await store.change(actor, 'thing.created', async (tx) => {
    await tx.meta.put('thing', 'here');
    return { value: 7, target: 'thing', after: { here: true } };
  });
  expect(done).toEqual({ value: 7, revision: 1 });
  await store.close();

  const again = await openStore({ file, sealer });
  expect(await again.meta.get('thing')).toBe('here');
  expect(await again.meta.revision()).toBe(1);
  expect(await again.audit.list({ limit: 10 })).toMatchObject([
    { action: 'thing.created', target: 'thing', after: { here: true }, revision: 1 },
  ]);
  await again.close();
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a change that throws stores nothing', async () => {
  const store = await openStore({ file, sealer });
  const failing = store.change(actor, 'thing.created', async (tx) => {
    await tx.meta.put('thing', 'half');
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await store.meta.get('thing')).toBeUndefined();
  expect(await store.meta.revision()).toBe(0);
  expect(await store.audit.list({ limit: 10 })).toEqual([]);
  await store.close();
});

test('a damaged file is refused with the remedy and left unchanged', async () => {
  writeFileSync(file, 'this is not a database '.repeat(200));
  const before = readFileSync(file);
  await expect(openStore({ file, sealer })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('damaged') as string,
  });
  expect(readFileSync(file)).toEqual(before);
});

test('a file of a newer version is refused', async () => {
  const store = await openStore({ file, sealer });
  await store.close();
  const raw = new Database(file);
  raw.prepare("insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01')").run();
  raw.close();
  await expect(openStore({ file, sealer })).rejects.toMatchObject({
    message: expect.stringContaining('newer') as string,
  });
});

test('credentials are encrypted in the file and can be decrypted only with the same SECRET_KEY', async () => {
  const store = await openStore({ file, sealer });
  await store.servers.put(
    serverToWrite('abc', {
      path: 'weather',
      headers: { Authorization: 'Bearer very-secret-value' },
      instances: [instanceToWrite('token=also-secret')],
    }),
  );
  expect(await store.servers.credentials('abc')).toEqual({ Authorization: 'Bearer very-secret-value' });
  expect((await store.servers.byPath('weather'))?.instances[0]?.query).toBe('token=also-secret');
  await store.close();
  const bytes = readFileSync(file).toString('latin1');
  expect(bytes).toContain('Authorization');
  expect(bytes).not.toContain('very-secret-value');
  expect(bytes).not.toContain('also-secret');

  const other = await openStore({ file, sealer: createSealer('another key') });
  await expect(other.servers.credentials('abc')).rejects.toMatchObject({ code: 'internal' });
  await other.close();
});

test('using the store inside a transaction fails at once instead of deadlocking, and works afterwards', async () => {
  const store = await openStore({ file, sealer });
  const inside = store.transaction(() => store.meta.revision());
  await expect(inside).rejects.toThrow('inside a transaction');
  const nested = store.change(actor, 'test', () => store.transaction(() => Promise.resolve({ value: 0, target: 'x' })));
  await expect(nested).rejects.toThrow('inside a transaction');
  const ended = Promise.withResolvers<undefined>();
  let later: Promise<number> | undefined;
  await store.transaction(async (rows) => {
    await rows.meta.revision();
    later = ended.promise.then(() => store.meta.revision());
  });
  ended.resolve(undefined);
  expect(await later).toBe(0);
  await store.close();
});
