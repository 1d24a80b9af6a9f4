import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Actor } from '../../contract/index.ts';
import { openStore, type Store } from '../open-store.ts';
import { createSealer } from '../seal.ts';
import { createBackup } from './create-backup.ts';
import { inspectDatabase } from './inspect-database.ts';
import { restoreBackup } from './restore-backup.ts';

const actor: Actor = { kind: 'user', name: 'admin', address: null };
let folder: string;
let store: Store;
const at = (name: string) => join(folder, name);
const open = (file: string) => openStore({ file, sealer: createSealer('x') });
const source = () => ({ databaseFile: at('data/mcpgw.db'), secretFile: at('data/secret.key'), version: '1' });
const target = (name: string, replace = false) => {
  mkdirSync(at(name), { recursive: true });
  return { dataDir: at(name), databaseFile: at(`${name}/mcpgw.db`), secretFile: at(`${name}/secret.key`), replace };
};
const write = (value: string) =>
  store.change(actor, 'settings.changed', async (tx) => {
    await tx.meta.put('note', value);
    return { value: null, target: 'note' };
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-backup-'));
  mkdirSync(at('data'));
  writeFileSync(at('data/secret.key'), 'key of the source\n');
  store = await open(at('data/mcpgw.db'));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

test('a backup created during writes is a consistent snapshot, private, and restored completely', async () => {
  const done = new AbortController();
  const writing = (async () => {
    for (let count = 1; !done.signal.aborted; count += 1) {
      await write(String(count));
      // SQLite calls are synchronous, so nothing else would ever run.
      await new Promise(setImmediate);
    }
  })();
  const created = await createBackup(source(), at('backups/one'));
  done.abort();
  await writing;
  await write('after');
  expect(Object.keys(created.files).sort()).toEqual(['mcpgw.db', 'secret.key']);
  expect(statSync(at('backups/one')).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(at('backups/one')))
    expect(statSync(at(`backups/one/${name}`)).mode & 0o777).toBe(0o600);

  const restored = await restoreBackup(at('backups/one'), target('new'));
  expect(restored).toMatchObject({ hasSecret: true, movedAside: [] });
  expect(readFileSync(at('new/secret.key'), 'utf8')).toBe('key of the source\n');
  const copy = await open(at('new/mcpgw.db'));
  const audit = await copy.audit.list({ limit: 1 });
  expect(await copy.meta.get('note')).not.toBe('after');
  expect(audit[0]?.revision ?? 0).toBe(await copy.meta.revision());
  await copy.close();
});

test('a backup requires a new folder, and a failed one leaves no files', async () => {
  await createBackup(source(), at('backup'));
  await expect(createBackup(source(), at('backup'))).rejects.toThrow('is not empty');
  await expect(createBackup({ ...source(), databaseFile: at('none.db') }, at('other'))).rejects.toThrow();
  expect(readdirSync(folder).sort()).toEqual(['backup', 'data']);
});

test('an existing database prevents a restore; with replace it is moved aside and never overwritten', async () => {
  await createBackup(source(), at('backup'));
  const existing = target('existing');
  writeFileSync(existing.databaseFile, 'something precious');
  mkdirSync(at('existing/access/keys'), { recursive: true });
  await expect(restoreBackup(at('backup'), existing)).rejects.toThrow('a database already exists');
  expect(readFileSync(existing.databaseFile, 'utf8')).toBe('something precious');
  const { movedAside } = await restoreBackup(at('backup'), { ...existing, replace: true });
  expect(movedAside).toHaveLength(1);
  expect(readFileSync(movedAside[0] ?? '', 'utf8')).toBe('something precious');
  expect(inspectDatabase(existing.databaseFile).schema).not.toBe('');
  expect(existsSync(at('existing/access'))).toBe(false);
});

test('an incomplete backup is refused before any file is changed', async () => {
  const existing = target('existing');
  writeFileSync(existing.databaseFile, 'something precious');
  await createBackup(source(), at('backup'));
  appendFileSync(at('backup/mcpgw.db'), 'x');
  await expect(restoreBackup(at('backup'), { ...existing, replace: true })).rejects.toThrow(
    'mcpgw.db does not match its checksum',
  );
  rmSync(at('backup/manifest.json'));
  await expect(restoreBackup(at('backup'), { ...existing, replace: true })).rejects.toThrow('manifest.json is missing');
  expect(readdirSync(at('existing'))).toEqual(['mcpgw.db']);
});

test('a damaged database and one of a newer version are distinguished, and the file is unchanged', async () => {
  await store.close();
  const file = at('data/mcpgw.db');
  const raw = new Database(file);
  raw.exec("insert into kysely_migration values ('9999-from-the-future', '2027-01-01')");
  raw.pragma('wal_checkpoint(truncate)');
  raw.close();
  expect(() => inspectDatabase(file)).toThrow(/newer mcpgw .*9999/);
  const bytes = readFileSync(file);
  bytes.fill(0x5a, 8_192, 20_480);
  writeFileSync(file, bytes);
  expect(() => inspectDatabase(file)).toThrow('is damaged');
  expect(readFileSync(file).equals(bytes)).toBe(true);
  expect(() => inspectDatabase(at('none.db'))).toThrow('does not exist or cannot be opened');
  store = await open(at('data/other.db'));
});
