import { readFileSync } from 'node:fs';
import { BridgeError } from '../bridge-error.ts';

type Environment = Record<string, string | undefined>;

/** What a program inherits of the gateway's own environment; other variables could be secrets of another server. */
const INHERITED = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'NODE_EXTRA_CA_CERTS',
  'npm_config_registry',
  'npm_config_cache',
  'UV_INDEX_URL',
  'UV_CACHE_DIR',
  'DOCKER_HOST',
];
const REFERENCE = /\$\{(?:file:([^}]+)|([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?)\}/g;

function readSecretFile(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new BridgeError(
      'environment_missing',
      `env.${name}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      'Create the file, readable by the user of the gateway, or correct the reference.',
    );
  }
}

/**
 * The environment of a program: a few variables of the gateway's, then those of the server with their references expanded: `${VAR}`,
 * `${VAR:-default}`, `${file:/path}`. Throws BridgeError `environment_missing` that names the variable, never a value.
 */
export function expandEnvironment(own: Record<string, string>, outer: Environment): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => {
    const value = outer[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const expanded = Object.entries(own).map(([name, written]) => {
    const value = written.replace(REFERENCE, (_, file?: string, variable?: string, fallback?: string) => {
      if (file !== undefined) return readSecretFile(name, file);
      const found = outer[variable ?? ''] ?? fallback;
      if (found !== undefined) return found;
      throw new BridgeError(
        'environment_missing',
        `env.${name}: the variable ${variable} is not set for the gateway`,
        `Set ${variable} in the environment that starts the gateway and restart it, or provide a default: \${${variable}:-…}.`,
      );
    });
    return [name, value] as const;
  });
  return Object.fromEntries([...inherited, ...expanded]);
}
