import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './sync-folder.ts';

async function isSame(file: string, content: string): Promise<boolean> {
  try {
    return (await readFile(file, 'utf8')) === content;
  } catch {
    return false;
  }
}

/**
 * Writes `content` to `file` (0600), completely or not at all: a temporary file in the same folder, renamed over it. The same content is not
 * written again. `durable` also survives a power cut. Returns whether anything was written; throws errors of the
 * file system, with the old file unchanged.
 */
export async function replaceFile(file: string, content: string, durable: boolean): Promise<boolean> {
  if (await isSame(file, content)) return false;
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(content);
      if (durable) await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  if (durable) await syncFolder(dirname(file));
  return true;
}

/** Removes `file`; it may be missing already. `durable` also survives a power cut. Returns whether it existed. */
export async function removeFile(file: string, durable: boolean): Promise<boolean> {
  try {
    await rm(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  if (durable) await syncFolder(dirname(file));
  return true;
}
