import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { RegistryError, type FieldError } from '../errors.ts';
import { expandVariables } from './expand-variables.ts';
import { SETTING_EXAMPLES, SETTING_SCHEMA, type SettingName } from './setting-schema.ts';

/** The settings of one registry, checked and with every folder absolute. */
export interface Settings {
  adminUser: string;
  /** Undefined: one is generated at first start. */
  adminPassword: string | undefined;
  secretKey: string;
  dataDir: string;
  logDir: string;
  databaseFile: string;
  gatewayPort: number;
  tls: { port: number; certFile: string; keyFile: string } | null;
  /** Public address without a slash at the end. */
  gatewayUrl: string;
  allowedHosts: string[];
  allowedOrigins: string[];
  /** 0: any free one. */
  registryPort: number;
  registryHost: string;
  healthCron: string;
  healthTimeoutMs: number;
  drainTimeoutS: number;
  maxBodyBytes: number;
  upstreamAllow: string[];
  logLevel: string;
  nginxBin: string;
  nginxModulesDir: string | undefined;
  caFile: string;
  nginxWorkers: number;
}

function invalid(source: string, errors: FieldError[]): RegistryError {
  const text = errors.map(({ field, message }) => `${field}: ${message}`).join('\n  ');
  return new RegistryError('invalid', `settings refused (${source}):\n  ${text}`, {
    errors,
    hint: 'Correct the values named above and start again.',
  });
}

function readConfigFile(file: string, env: Record<string, string | undefined>): Record<string, string> {
  if (!existsSync(file)) return {};
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
  if (unknown.length > 0)
    throw invalid(
      file,
      unknown.map((field) => ({
        field,
        message: `there is no such setting; known are ${Object.keys(SETTING_SCHEMA.shape).join(', ')}`,
      })),
    );
  return Object.fromEntries(
    Object.entries(shape.data).map(([name, value]) => [name, expandVariables(String(value), env)]),
  );
}

function loadSecretKey(dataDir: string): string {
  const file = join(dataDir, 'secret.key');
  if (existsSync(file)) {
    const key = readFileSync(file, 'utf8').trim();
    if (key.length >= 32) return key;
    throw invalid(file, [
      { field: 'SECRET_KEY', message: 'the file holds fewer than 32 characters; put the key of this data folder back' },
    ]);
  }
  if (existsSync(join(dataDir, 'mcpgw.db')))
    throw new RegistryError(
      'invalid',
      `SECRET_KEY is not set and ${file} is missing, but there is a database already`,
      {
        hint: 'Put secret.key back or set SECRET_KEY to the value that this database was made with: stored credentials cannot be opened without it.',
      },
    );
  const key = randomBytes(32).toString('hex');
  writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' });
  return key;
}

function createFolder(field: SettingName, folder: string): void {
  try {
    if (process.getuid?.() === 0 && lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true)
      throw new Error('it is a symbolic link, which is not followed as root');
    const isNew = mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined;
    // A folder that holds something already keeps its mode: it may be /var/log.
    if (isNew || readdirSync(folder).length === 0) chmodSync(folder, 0o700);
  } catch (cause) {
    throw invalid('folders', [
      {
        field,
        message: `${folder} cannot be made or owned (${(cause as Error).message}); name a folder that this user may write, for example ${SETTING_EXAMPLES[field]}`,
      },
    ]);
  }
}

/**
 * Reads the settings from the environment and `mcpgw.config.json` (in `cwd`, or where MCPGW_CONFIG says); the environment wins.
 * Makes the data and log folders and, at first start, the secret key. Throws RegistryError `invalid` naming each bad value with an example.
 */
export function readSettings(env: Record<string, string | undefined>, cwd: string): Settings {
  const file = resolve(cwd, env['MCPGW_CONFIG'] ?? 'mcpgw.config.json');
  const fromFile = readConfigFile(file, env);
  const raw = Object.fromEntries(
    (Object.keys(SETTING_SCHEMA.shape) as SettingName[])
      .map((name) => [name, env[name] ?? fromFile[name]] as const)
      .filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = SETTING_SCHEMA.safeParse(raw);
  if (!parsed.success)
    throw invalid(
      'environment and mcpgw.config.json',
      parsed.error.issues.map((issue) => {
        const name = String(issue.path[0]) as SettingName;
        const shown = name === 'ADMIN_PASSWORD' || name === 'SECRET_KEY' ? '' : ` (it is ${JSON.stringify(raw[name])})`;
        return { field: name, message: `${issue.message}${shown}; a good value is ${SETTING_EXAMPLES[name]}` };
      }),
    );
  const s = parsed.data;
  if ((s.TLS_CERT === undefined) !== (s.TLS_KEY === undefined))
    throw invalid('environment', [
      {
        field: s.TLS_CERT === undefined ? 'TLS_CERT' : 'TLS_KEY',
        message: 'TLS_CERT and TLS_KEY go together; set both or neither',
      },
    ]);
  const dataDir = resolve(cwd, s.DATA_DIR);
  createFolder('DATA_DIR', dataDir);
  const logDir = resolve(cwd, s.LOG_DIR ?? join(dataDir, 'logs'));
  createFolder('LOG_DIR', logDir);
  const tls =
    s.TLS_CERT && s.TLS_KEY
      ? { port: s.GATEWAY_TLS_PORT, certFile: resolve(cwd, s.TLS_CERT), keyFile: resolve(cwd, s.TLS_KEY) }
      : null;
  for (const [field, path] of [
    ['TLS_CERT', tls?.certFile],
    ['TLS_KEY', tls?.keyFile],
  ] as const)
    if (path !== undefined && !existsSync(path))
      throw invalid('environment', [{ field, message: `${path} does not exist` }]);
  return {
    adminUser: s.ADMIN_USER,
    adminPassword: s.ADMIN_PASSWORD,
    secretKey: s.SECRET_KEY ?? loadSecretKey(dataDir),
    dataDir,
    logDir,
    databaseFile:
      s.DATABASE_URL === undefined
        ? join(dataDir, 'mcpgw.db')
        : resolve(cwd, s.DATABASE_URL.replace(/^sqlite:(\/\/)?/, '')),
    gatewayPort: s.GATEWAY_PORT,
    tls,
    gatewayUrl: (s.GATEWAY_URL ?? `http://localhost:${s.GATEWAY_PORT}`).replace(/\/+$/, ''),
    allowedHosts: s.ALLOWED_HOSTS.map((host) => host.toLowerCase()),
    allowedOrigins: s.ALLOWED_ORIGINS.map((origin) => origin.toLowerCase()),
    registryPort: s.REGISTRY_PORT,
    registryHost: s.REGISTRY_HOST,
    healthCron: s.HEALTH_CRON,
    healthTimeoutMs: s.HEALTH_TIMEOUT_MS,
    drainTimeoutS: s.DRAIN_TIMEOUT,
    maxBodyBytes: s.MAX_BODY_BYTES,
    upstreamAllow: s.UPSTREAM_ALLOW,
    logLevel: s.LOG_LEVEL,
    nginxBin: s.NGINX_BIN,
    nginxModulesDir: s.NGINX_MODULES,
    caFile: s.CA_FILE,
    nginxWorkers: s.NGINX_WORKERS,
  };
}
