import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeError } from '../../lib/errors.ts';

/** A folder that the gateway writes to. */
export interface Folder {
  /** Name of the setting. */
  name: 'DATA_DIR' | 'LOG_DIR';
  folder: string;
  /** What happens when it cannot be written, as a sentence. */
  effect: string;
}

export interface FolderState extends Folder {
  /** Free space if it is low; null: enough. */
  freeBytes: number | null;
  /** Why nothing can be written; null: it can. */
  failure: string | null;
}

const MB = 1024 * 1024;
/** Free space is low when it is less than both. */
const LOW = { bytes: 256 * MB, share: 0.05 };
const PROBE_BYTES = 4_096;
const FULL: Record<string, string> = {
  ENOSPC: 'the disk is full (ENOSPC)',
  EDQUOT: 'the quota is used up (EDQUOT)',
  EROFS: 'it is read-only (EROFS)',
};

/** Creates a check of a folder. A quota or a disk that became read-only is only detected by writing, which is attempted every `probeMs`. */
export function createFolderCheck(folder: Folder, { probeMs = 15_000 } = {}): () => Promise<FolderState> {
  let probedMs = -Infinity;
  let failure: string | null = null;

  async function probe(): Promise<string | null> {
    const file = join(folder.folder, '.space');
    try {
      await writeFile(file, Buffer.alloc(PROBE_BYTES, 1), { mode: 0o600 });
      return null;
    } catch (error) {
      return FULL[(error as NodeJS.ErrnoException).code ?? ''] ?? describeError(error);
    } finally {
      await rm(file, { force: true }).catch(() => undefined);
    }
  }

  return async () => {
    const space = await statfs(folder.folder).catch(() => null);
    const free = space === null ? 0 : space.bavail * space.bsize;
    const total = space === null ? 0 : space.blocks * space.bsize;
    const isFull = free < PROBE_BYTES;
    // A failed probe is repeated at each check, so that recovery is noticed immediately.
    if (failure !== null || isFull || performance.now() - probedMs >= probeMs) {
      probedMs = performance.now();
      failure = await probe();
    }
    const isLow = space !== null && free < LOW.bytes && free < total * LOW.share;
    return { ...folder, freeBytes: isLow ? free : null, failure };
  };
}
