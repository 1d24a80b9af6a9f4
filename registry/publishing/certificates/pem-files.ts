import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../lib/sync-folder.ts';

/** Files unused for this long are deleted; until then an older generation that refers to them can be published again. */
const EXPIRE_MS = 30 * 86_400_000;

/** Certificates and keys as files that NGINX reads, named after their content: a file that a generation refers to never changes. */
export interface PemFiles {
  /** Returns the file with this text (0600); written if it does not exist. Throws the file system's error. */
  write(text: string): Promise<string>;
  /** Deletes files that were not written, or written again, for 30 days. */
  prune(): Promise<void>;
}

/** Creates the files of a folder, which is created (0700) at the first write. */
export function createPemFiles(folder: string): PemFiles {
  return {
    async write(text) {
      const file = join(folder, `${createHash('sha256').update(text).digest('hex')}.pem`);
      const now = new Date();
      const exists = await utimes(file, now, now).then(
        () => true,
        () => false,
      );
      if (exists) return file;
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
