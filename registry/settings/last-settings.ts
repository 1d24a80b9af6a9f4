import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { RegistryError } from '../lib/errors.ts';
import { readSettings, type Settings } from './settings.ts';

type Environment = Record<string, string | undefined>;

const FILE = 'last-settings.json';
const stored = z.record(z.string(), z.string());

/**
 * Stores the settings of the configuration file that are in use (none without a file), so that the registry can restart with them when the file
 * is broken. Mode 0600, since they may include SECRET_KEY. Write errors, such as a full disk, are ignored.
 */
export function rememberSettings(dataDir: string, settings: Readonly<Record<string, string>>): void {
  const file = join(dataDir, FILE);
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    // Not needed once the first administrator exists.
    const { ADMIN_PASSWORD: _, ...withoutPassword } = settings;
    writeFileSync(temporary, `${JSON.stringify(withoutPassword, null, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    rmSync(temporary, { force: true });
  }
}

function loadLastSettings(dataDir: string): Record<string, string> | null {
  try {
    return stored.parse(JSON.parse(readFileSync(join(dataDir, FILE), 'utf8')));
  } catch {
    return null;
  }
}

/**
 * Reads the settings as `readSettings` does. When the configuration file is invalid and the gateway has started before, its last valid settings
 * are used, and `problem` is the error. Throws what `readSettings` throws when none are stored, or the environment is invalid.
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
    const last = loadLastSettings(env['MCPGW_DATA_DIR'] ?? resolve(cwd, env['DATA_DIR'] ?? './data'));
    if (!(error instanceof RegistryError) || last === null) throw error;
    return { settings: readSettings(env, cwd, last), problem: error };
  }
}
