import { flushCompileCache } from 'node:module';
import { pino } from 'pino';
import { dropCompiler } from './drop-compiler.ts';
import { describeError, RegistryError } from './errors.ts';
import { startRegistry } from './registry.ts';
import { readSettings } from './settings/index.ts';

/** sysexits.h EX_CONFIG: starting again would not help; the supervisor gives up on it. */
const EXIT_CONFIG = 78;
/** Past the busy beginning: the first time for each version it takes up to a second, in which nothing is answered. */
const KEEP_COMPILED_AFTER_MS = 10_000;

function explain(thrown: unknown): string {
  const hint = thrown instanceof RegistryError && thrown.hint !== undefined ? `\n  ${thrown.hint}` : '';
  return `mcpgw: ${describeError(thrown)}${hint}`;
}

dropCompiler();
try {
  const settings = readSettings(process.env, process.cwd());
  // Children (nginx -t) need none of them.
  for (const secret of ['ADMIN_PASSWORD', 'SECRET_KEY']) Reflect.deleteProperty(process.env, secret);
  const log = pino({ level: settings.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  const registry = await startRegistry(settings, log);
  // Node does it only when a process ends by itself (NODE_COMPILE_CACHE); the start after a crash is to be quick too.
  setTimeout(flushCompileCache, KEEP_COMPILED_AFTER_MS).unref();
  const stop = (signal: string) => {
    log.info({ signal }, 'stopping');
    void registry.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (thrown) {
  console.error(explain(thrown));
  process.exit(thrown instanceof RegistryError ? EXIT_CONFIG : 1);
}
