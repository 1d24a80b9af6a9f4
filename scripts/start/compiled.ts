import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where Node keeps what it compiled, so that the next start does not compile it again (NODE_COMPILE_CACHE, nodejs.org/api/module.html). The
 * folder is the ordinary user's: root runs nothing out of it.
 */
export const compiledDir = (dataDir: string) => join(dataDir, 'compile-cache');

/** Removes what other versions of Node left there. */
export function forgetOtherCompiled(dataDir: string): void {
  try {
    for (const name of readdirSync(compiledDir(dataDir)))
      if (!name.startsWith(`${process.version}-`))
        rmSync(join(compiledDir(dataDir), name), { recursive: true, force: true });
  } catch {
    // At the first start there is none; and where it cannot be written, Node does without.
  }
}
