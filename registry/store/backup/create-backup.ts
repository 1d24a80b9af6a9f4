import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { RegistryError } from '../../lib/errors.ts';
import { syncFolder } from '../../lib/sync-folder.ts';
import { copyDurably, DATABASE_NAME, hashFile, MANIFEST_NAME, SECRET_NAME, type Manifest } from './backup-files.ts';
import { inspectDatabase } from './inspect-database.ts';

interface BackupSource {
  databaseFile: string;
  /** DATA_DIR/secret.key; omitted when it does not exist (SECRET_KEY is set). */
  secretFile: string;
  version: string;
}

async function requireFreeTarget(target: string): Promise<void> {
  const names = await readdir(target).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  if (names === null) return;
  if (names.length > 0)
    throw new RegistryError('conflict', `${target} is not empty`, { hint: 'Name a folder that does not exist yet.' });
  await rmdir(target);
}

/** One read transaction: concurrent writes are neither blocked nor included (sqlite.org/lang_vacuum.html#vacuuminto). */
function copyDatabase(from: string, to: string): void {
  const db = new Database(from, { fileMustExist: true, timeout: 10_000 });
  try {
    db.prepare('vacuum into ?').run(to);
  } finally {
    db.close();
  }
}

/**
 * Writes a backup into a new or empty folder: a snapshot of the database, also while a gateway writes to it, the key that its secrets are sealed
 * with, and a manifest. The folder appears once all files are verified and on disk. Throws RegistryError, or the file system's error; then no
 * files are left.
 */
export async function createBackup(source: BackupSource, target: string): Promise<Manifest> {
  const { databaseFile, secretFile, version } = source;
  await requireFreeTarget(target);
  const next = `${target}.new`;
  await rm(next, { recursive: true, force: true });
  await mkdir(next, { recursive: true, mode: 0o700 });
  try {
    const database = join(next, DATABASE_NAME);
    copyDatabase(databaseFile, database);
    await chmod(database, 0o600);
    const { schema } = inspectDatabase(database);
    if (existsSync(secretFile)) await copyDurably(secretFile, join(next, SECRET_NAME));
    const files: Record<string, string> = {};
    for (const name of await readdir(next)) files[name] = await hashFile(join(next, name));
    const created: Manifest = { format: 1, version, createdAt: new Date().toISOString(), schema, files };
    await writeFile(join(next, MANIFEST_NAME), `${JSON.stringify(created, null, 2)}\n`, { mode: 0o600, flush: true });
    await syncFolder(next);
    await rename(next, target);
    await syncFolder(dirname(target));
    return created;
  } catch (error) {
    await rm(next, { recursive: true, force: true });
    throw error;
  }
}
