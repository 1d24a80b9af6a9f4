import { existsSync } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RegistryError } from '../../lib/errors.ts';
import { syncFolder } from '../../lib/sync-folder.ts';
import {
  copyDurably,
  DATABASE_NAME,
  hashFile,
  manifest,
  MANIFEST_NAME,
  SECRET_NAME,
  type Manifest,
} from './backup-files.ts';
import { inspectDatabase } from './inspect-database.ts';

interface RestoreTarget {
  dataDir: string;
  databaseFile: string;
  secretFile: string;
  /** Move existing data aside instead of failing. */
  replace: boolean;
}

export interface Restored {
  manifest: Manifest;
  hasSecret: boolean;
  /** Files that were moved aside. */
  movedAside: string[];
}

async function readBackup(folder: string): Promise<Manifest> {
  const broken = (what: string, cause?: unknown) =>
    new RegistryError('invalid', `${folder} is not a complete backup: ${what}`, {
      hint: 'Name the folder that "backup" wrote, with all of its files.',
      cause,
    });
  let read: Manifest;
  try {
    read = manifest.parse(JSON.parse(await readFile(join(folder, MANIFEST_NAME), 'utf8')));
  } catch (cause) {
    throw broken(`${MANIFEST_NAME} is missing or cannot be read`, cause);
  }
  if (!(DATABASE_NAME in read.files)) throw broken(`it has no ${DATABASE_NAME}`);
  for (const name of [DATABASE_NAME, SECRET_NAME]) {
    const expected = read.files[name];
    if (expected === undefined) continue;
    const found = await hashFile(join(folder, name)).catch(() => null);
    if (found !== expected) throw broken(`${name} ${found === null ? 'is missing' : 'does not match its checksum'}`);
  }
  inspectDatabase(join(folder, DATABASE_NAME));
  return read;
}

async function moveAside(files: readonly string[]): Promise<string[]> {
  const mark = `before-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  const moved: string[] = [];
  for (const file of files) {
    if (!existsSync(file)) continue;
    await rename(file, `${file}.${mark}`);
    moved.push(`${file}.${mark}`);
  }
  return moved;
}

/**
 * Restores a backup into an empty folder, or with `replace` in place of existing data, which is moved aside and never overwritten. The gateway must
 * not be running. The copies are on disk before anything is moved. Files derived from the database (access files, the active configuration) are
 * deleted, so that previous access rights no longer apply. Throws RegistryError, or the file system's error (such as ENOSPC); nothing was changed
 * then, unless it occurred after the copies, while files were moved or deleted.
 */
export async function restoreBackup(folder: string, target: RestoreTarget): Promise<Restored> {
  const { dataDir, databaseFile, secretFile } = target;
  const read = await readBackup(folder);
  const existing = [databaseFile, `${databaseFile}-wal`, `${databaseFile}-shm`];
  const hasSecret = SECRET_NAME in read.files;
  if (!target.replace && existing.some((file) => existsSync(file)))
    throw new RegistryError('conflict', `a database already exists: ${databaseFile}`, {
      hint: 'Restore into an empty DATA_DIR, or add --replace: then existing data is moved aside, not deleted.',
    });
  const owner = await stat(dataDir);
  const transfers: [string, string][] = [
    [join(folder, DATABASE_NAME), databaseFile],
    ...(hasSecret ? ([[join(folder, SECRET_NAME), secretFile]] as [string, string][]) : []),
  ];
  const copies: string[] = [];
  try {
    for (const [from, to] of transfers) {
      const copy = `${to}.restored`;
      await rm(copy, { force: true });
      await copyDurably(from, copy, owner);
      copies.push(copy);
    }
  } catch (error) {
    for (const copy of copies) await rm(copy, { force: true });
    throw error;
  }
  const movedAside = await moveAside([...existing, ...(hasSecret ? [secretFile] : [])]);
  for (const [, to] of transfers) await rename(`${to}.restored`, to);
  await syncFolder(dirname(databaseFile));
  await syncFolder(dataDir);
  for (const name of ['access', 'current', 'verified']) await rm(join(dataDir, name), { recursive: true, force: true });
  return { manifest: read, hasSecret, movedAside };
}
