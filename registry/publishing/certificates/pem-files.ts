import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../lib/sync-folder.ts';

/** A file that nothing used for so long is removed; until then an older generation that names it can be published again. */
const EXPIRE_MS = 30 * 86_400_000;

/** Certificates and keys as files that NGINX reads, named after their content: a file that a generation names never changes. */
export interface PemFiles {
  /** The file that holds this text (0600); written when it is not there. Throws the file system's error. */
  write(text: string): Promise<string>;
  /** Removes what was not written or written again for 30 days. */
  prune(): Promise<void>;
}

/** Creates the files of a folder, which is made (0700) at the first write. */
export function createPemFiles(folder: string): PemFiles {
  return {
    async write(text) {
      const file = join(folder, `${createHash('sha256').update(text).digest('hex')}.pem`);
      const now = new Date();
      const isThere = await utimes(file, now, now).then(
        () => true,
        () => false,
      );
      if (isThere) return file;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const next = `${file}.new`;
      await writeFile(next, text, { mode: 0o600, flush: true });
      await rename(next, file);
      await syncFolder(folder);
      return file;
    },
    async prune() {
      const names = await readdir(folder).catch(() => []);
      for (const name of names) {
        const file = join(folder, name);
        const { mtimeMs } = await stat(file);
        if (Date.now() - mtimeMs > EXPIRE_MS) await rm(file, { force: true });
      }
    },
  };
}
