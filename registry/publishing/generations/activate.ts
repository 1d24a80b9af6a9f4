import { readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../lib/sync-folder.ts';

/** Points `DATA_DIR/current` to a generation, atomically: a reader gets the old or the new one. */
export async function switchCurrent(dataDir: string, number: number): Promise<void> {
  // Always the same name, so that the next registry removes what a killed one left.
  const next = join(dataDir, '.current.next');
  await rm(next, { force: true });
  await symlink(join('generations', String(number)), next);
  await rename(next, join(dataDir, 'current'));
  await syncFolder(dataDir);
}

/** The generation that `DATA_DIR/current` points to; null if there is none. */
export async function readCurrent(dataDir: string): Promise<number | null> {
  const target = await readlink(join(dataDir, 'current')).catch(() => null);
  const found = target === null ? null : /^generations\/(\d+)\/?$/.exec(target);
  return found === null ? null : Number(found[1]);
}

/** Writes `DATA_DIR/verified`: the generation that NGINX's run script falls back to when `current` does not start. */
export async function writeVerified(dataDir: string, number: number): Promise<void> {
  const next = join(dataDir, '.verified.next');
  await writeFile(next, `${number}\n`, { mode: 0o600 });
  await rename(next, join(dataDir, 'verified'));
}

/** The generation that was last verified, from `DATA_DIR/verified`; null if unknown. */
export async function readVerified(dataDir: string): Promise<number | null> {
  const text = await readFile(join(dataDir, 'verified'), 'utf8').catch(() => '');
  return /^\d+\s*$/.test(text) ? Number(text) : null;
}
