import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConfigError, loadConfig, type References } from '@mcpgw/config';
import { RegistryError } from '../lib/errors.ts';
import { SETTING_SCHEMA } from './setting-schema.ts';

/** Resolves references in a configuration file: environment variables, and files relative to its folder. */
export function referencesOf(file: string, env: Record<string, string | undefined>): References {
  return {
    variable: (name) => env[name],
    readFile: (name) => readFileSync(resolve(dirname(file), name), 'utf8'),
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new RegistryError('invalid', `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** Throws an error that lists every mistake in a configuration file with its line. */
export function validateConfigFile(file: string, env: Record<string, string | undefined>): void {
  loadConfig({ file, text: readText(file), references: referencesOf(file, env) });
}

/**
 * The settings in a configuration file by name, references resolved. Errors in its servers and agents do not prevent the start; they are
 * reported. Throws RegistryError `invalid` with the line when the file cannot be read, or a setting does not exist.
 */
export function readConfigFile(file: string, env: Record<string, string | undefined>): Record<string, string> {
  const text = readText(file);
  try {
    const { document } = loadConfig({ file, text, references: referencesOf(file, env), settingsOnly: true });
    return Object.fromEntries(Object.entries(document.settings ?? {}).map(([name, value]) => [name, String(value)]));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const known = Object.keys(SETTING_SCHEMA.shape).join(', ');
    const isUnknown = error.problems.some(({ message }) => message.includes('setting'));
    throw new RegistryError('invalid', error.message, {
      errors: error.problems.map(({ field, message }) => ({ field: `${field} (in ${file})`, message })),
      hint: `Correct it and start again. ${isUnknown ? `Settings are ${known}.` : 'mcpgw config validate shows every mistake.'}`,
    });
  }
}
