import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { RegistryError } from '../lib/errors.ts';
import { readSettings, type Settings } from './settings.ts';

type Environment = Record<string, string | undefined>;

const FILE = 'last-settings.json';
const stored = z.record(z.string(), z.string());

/**
 * Keeps the settings of the configuration file that are in use, none without a file, so that the registry can start again when the file is broken
 * (0600: a SECRET_KEY may be among them). A full disk is no reason to stop.
 */
export function rememberSettings(dataDir: string, settings: Readonly<Record<string, string>>): void {
  const file = join(dataDir, FILE);
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    // Of no use once the first administrator is made.
    const { ADMIN_PASSWORD: _, ...kept } = settings;
    writeFileSync(temporary, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    rmSync(temporary, { force: true });
  }
}

function recallSettings(dataDir: string): Record<string, string> | null {
  try {
    return stored.parse(JSON.parse(readFileSync(join(dataDir, FILE), 'utf8')));
  } catch {
    return null;
  }
}

/**
 * Reads the settings as `readSettings` does. When the configuration file is wrong and a gateway ran with it before, the settings of then hold, and
 * `problem` is what is wrong. Throws what `readSettings` throws when there are none, or the environment is wrong.
 */
export function readSettingsOrLast(
  env: Environment,
  cwd: string,
): { settings: Settings; problem: RegistryError | null } {
  try {
    const settings = readSettings(env, cwd);
    rememberSettings(settings.dataDir, settings.config.settings);
    return { settings, problem: null };
  } catch (error) {
    const last = recallSettings(env['MCPGW_DATA_DIR'] ?? resolve(cwd, env['DATA_DIR'] ?? './data'));
    if (!(error instanceof RegistryError) || last === null) throw error;
    return { settings: readSettings(env, cwd, last), problem: error };
  }
}
