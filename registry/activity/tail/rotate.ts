import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface RotateOptions {
  logDir: string;
  /** Of a log that NGINX writes, in `logDir`. */
  name: string;
  /** It is put aside when it is longer than this. */
  maxBytes: number;
  /** How many old files stay: `<name>.1` is the newest. */
  keepFiles: number;
  /** Makes NGINX open its logs anew (signal USR1, nginx.org/en/docs/control.html). */
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
 * Puts a log of NGINX aside when it is too long, so that the disk does not fill. NGINX writes on into the renamed file until it has reopened;
 * those lines are read there. Where a reopening failed, it is asked for again. Gives whether NGINX was asked.
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
