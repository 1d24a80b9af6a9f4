import { join } from 'node:path';
import { serve } from './http/serve.ts';
import { startOrphanGuard } from './programs/orphan-guard.ts';
import { createCapacity } from './servers/capacity.ts';
import { createServers } from './servers/create-servers.ts';
import { createServerFiles } from './servers/read-files.ts';
import { readSettings } from './settings.ts';

/** sysexits.h EX_CONFIG: a restart would not help. */
const EXIT_CONFIG = 78;
/** The checkout: bridge/ is one level below it, and so is dist/, where the built program is. */
const ROOT = join(import.meta.dirname, '..');

function logError(error: unknown): void {
  console.error(`bridge: ${error instanceof Error ? error.message : String(error)}`);
}

function exitWith(code: number, error: unknown): never {
  logError(error);
  process.exit(code);
}

function readOrExit() {
  try {
    return readSettings(process.env);
  } catch (error) {
    return exitWith(EXIT_CONFIG, error);
  }
}

const settings = readOrExit();
const guard = startOrphanGuard(join(ROOT, 'bridge/programs/end-orphans.sh'));
const servers = createServers({
  files: createServerFiles(join(settings.folder, 'servers'), logError),
  homes: join(settings.folder, 'homes'),
  capacity: createCapacity(settings.maxProcesses),
  outerEnvironment: process.env,
  marks: guard.environment,
});
const listening = await serve({ at: { path: settings.socket }, servers, report: logError }).catch((error: unknown) =>
  exitWith(1, error),
);
console.log(`bridge: ready at ${settings.socket}`);
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => void listening.close().finally(() => process.exit(0)));
