import { readSettings } from './settings.ts';
import { startBridge } from './start-bridge.ts';

/** sysexits.h EX_CONFIG: a restart would not help. */
const EXIT_CONFIG = 78;

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
const listening = await startBridge(settings, logError).catch((error: unknown) => exitWith(1, error));
console.log(`bridge: ready at ${settings.socket}`);
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => void listening.close().finally(() => process.exit(0)));
