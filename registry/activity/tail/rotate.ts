import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface RotateOptions {
  logDir: string;
  /** Name of a log that NGINX writes, in `logDir`. */
  name: string;
  /** It is rotated when it is larger than this. */
  maxBytes: number;
  /** Number of old files: `<name>.1` is the newest. */
  keepFiles: number;
  /** Makes NGINX reopen its logs (signal USR1, nginx.org/en/docs/control.html). */
  reopen: () => Promise<void> | void;
}

async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Rotates a log of NGINX when it is too large, so that the disk does not fill. NGINX writes to the renamed file until it has reopened its logs;
 * those lines are read there. If reopening failed, it is requested again. Returns whether NGINX was requested to reopen its logs.
 */
export async function rotate({ logDir, name, maxBytes, keepFiles, reopen }: RotateOptions): Promise<boolean> {
  const old = (n: number) => join(logDir, n === 0 ? name : `${name}.${n}`);
  const size = await sizeOf(old(0));
  if (size === null && (await sizeOf(old(1))) === null) return false;
  if (size !== null && size <= maxBytes) return false;
  if (size !== null) {
    await rm(old(keepFiles), { force: true });
    for (let n = keepFiles - 1; n >= 0; n--) if ((await sizeOf(old(n))) !== null) await rename(old(n), old(n + 1));
  }
  await reopen();
  return true;
}
