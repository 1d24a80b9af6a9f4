import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { RegistryError } from '../errors.ts';
import { expandVariables } from './expand-variables.ts';
import { invalidSettings } from './setting-error.ts';
import { SETTING_SCHEMA } from './setting-schema.ts';

/** The values in a settings file by name, `${VAR}` expanded; empty when there is none. Throws RegistryError `invalid`. */
export function readConfigFile(file: string, env: Record<string, string | undefined>): Record<string, string> {
  if (!existsSync(file)) {
    if (env['MCPGW_CONFIG'] === undefined || env['MCPGW_CONFIG'] === '') return {};
    throw new RegistryError('invalid', `MCPGW_CONFIG: ${file} does not exist`, {
      hint: 'Create it, or leave MCPGW_CONFIG unset.',
    });
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new RegistryError('invalid', `${file} is not valid JSON: ${(cause as Error).message}`, { cause });
  }
  const shape = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).safeParse(parsed);
  if (!shape.success)
    throw new RegistryError('invalid', `${file} must be one JSON object of setting names and plain values`);
  const unknown = Object.keys(shape.data).filter((name) => !(name in SETTING_SCHEMA.shape));
  if (unknown.length > 0) {
    const known = Object.keys(SETTING_SCHEMA.shape).join(', ');
    throw invalidSettings(
      unknown.map((name) => ({
        field: `${name} (in ${file})`,
        message: `there is no setting of this name; known are ${known}`,
      })),
    );
  }
  return Object.fromEntries(
    Object.entries(shape.data).map(([name, value]) => [name, expandVariables(String(value), env)]),
  );
}
