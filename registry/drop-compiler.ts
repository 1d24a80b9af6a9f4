import { existsSync, readFileSync } from 'node:fs';
import { flushCompileCache, getCompileCacheDir } from 'node:module';

/** Names what Node loads to strip types (nodejs.org/api/typescript.html); it stays in memory, some 20 MB, though nothing is left to strip. */
const COMPILER = 'internal/deps/amaro/dist/index';
const MARK = 'MCPGW_COMPILED';
/** How this process was called, word for word (proc(5)): whoever looks for it finds it as before. */
const CALLED = '/proc/self/cmdline';

/**
 * Begins this process anew, once, if it had to compile its own source: now that what was compiled is kept (NODE_COMPILE_CACHE), the compiler
 * is not loaded again. The pid stays. Does nothing where no such cache is, or where it did not help before.
 */
export function dropCompiler(): void {
  const { moduleLoadList } = process as unknown as { moduleLoadList?: readonly string[] };
  const hasCompiler = moduleLoadList?.some((name) => name.endsWith(COMPILER)) ?? false;
  const canBegin = getCompileCacheDir() !== undefined && existsSync(CALLED);
  if (!hasCompiler || !canBegin || process.env[MARK] !== undefined) {
    Reflect.deleteProperty(process.env, MARK);
    return;
  }
  flushCompileCache();
  const words = readFileSync(CALLED, 'utf8').split('\0').slice(0, -1);
  process.execve?.(process.execPath, words, { ...process.env, [MARK]: '1' });
}
