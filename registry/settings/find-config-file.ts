import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RegistryError } from '../lib/errors.ts';

type Environment = Record<string, string | undefined>;

const NAMES = ['mcpgw.config.json', 'mcpgw.config.yaml', 'mcpgw.config.yml'];

/**
 * The configuration file: the path in MCPGW_CONFIG, else `mcpgw.config.{json,yaml,yml}` in `cwd`, else in the DATA_DIR of the environment. Null:
 * none exists. Throws RegistryError `invalid` when there are two, or when the file that MCPGW_CONFIG names is missing.
 */
export function findConfigFile(env: Environment, cwd: string): string | null {
  const named = env['MCPGW_CONFIG'] ?? '';
  if (named !== '') {
    const file = resolve(cwd, named);
    if (existsSync(file)) return file;
    throw new RegistryError('invalid', `MCPGW_CONFIG: ${file} does not exist`, {
      hint: 'Create it, or leave MCPGW_CONFIG unset.',
    });
  }
  const dataDir = resolve(cwd, env['DATA_DIR'] ?? './data');
  const [first, ...others] = [...new Set([resolve(cwd), dataDir])]
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .filter((file) => existsSync(file));
  if (first === undefined) return null;
  if (others.length === 0) return first;
  throw new RegistryError('invalid', `there are two configuration files: ${[first, ...others].join(' and ')}`, {
    hint: 'Keep one of them, or set MCPGW_CONFIG to the one to use.',
  });
}
