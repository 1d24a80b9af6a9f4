import { pino } from 'pino';
import { describeError, RegistryError } from './lib/errors.ts';
import { startRegistry } from './start/start-registry.ts';
import { readSettingsOrLast } from './settings/index.ts';

/** sysexits.h EX_CONFIG: a restart would not help, and the supervisor does not try one. */
const EXIT_CONFIG = 78;

function explain(thrown: unknown): string {
  const hint = thrown instanceof RegistryError && thrown.hint !== undefined ? `\n  ${thrown.hint}` : '';
  return `mcpgw: ${describeError(thrown)}${hint}`;
}

// Whoever reads the database, a log or an access file can act as the gateway.
process.umask(0o077);
try {
  const { settings, problem } = readSettingsOrLast(process.env, process.cwd());
  if (problem !== null)
    console.error(
      `${explain(problem)}\n  The registry continues with the last applied settings; the file is read again when it changes.`,
    );
  // Children (nginx -t) need none of them.
  for (const secret of ['ADMIN_PASSWORD', 'SECRET_KEY', 'TLS_KEY']) Reflect.deleteProperty(process.env, secret);
  const log = pino({ level: settings.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  const registry = await startRegistry(settings, log);
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
