import { flushCompileCache, getCompileCacheDir } from 'node:module';

/** Names what Node loads to strip types (nodejs.org/api/typescript.html); it stays in memory, some 20 MB, though nothing is left to strip. */
const COMPILER = 'internal/deps/amaro/dist/index';
const MARK = 'MCPGW_COMPILED';

/**
 * Begins this process anew, once, if it had to compile its own source: now that what was compiled is kept (NODE_COMPILE_CACHE), the compiler
 * is not loaded again. The pid stays. Does nothing where no such cache is, or where it did not help before.
 */
export function dropCompiler(): void {
  const { moduleLoadList } = process as unknown as { moduleLoadList?: readonly string[] };
  const hasCompiler = moduleLoadList?.some((name) => name.endsWith(COMPILER)) ?? false;
  if (!hasCompiler || getCompileCacheDir() === undefined || process.env[MARK] !== undefined) {
    Reflect.deleteProperty(process.env, MARK);
    return;
  }
  flushCompileCache();
  process.execve?.(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    ...process.env,
    [MARK]: '1',
  });
}
