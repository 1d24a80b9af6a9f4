import { dirname, join, resolve } from 'node:path';
import type { EffectiveSetting } from '../contract/index.ts';
import {
  checkDatabase,
  checkFolder,
  checkProgram,
  checkReadable,
  checkTls,
  prepareFolder,
  type FileProblems,
} from './check-files.ts';
import { readConfigFile } from './config-file.ts';
import { findConfigFile } from './find-config-file.ts';
import { listInForce } from './list-in-force.ts';
import { readOrCreateSecretKey } from './secret-key.ts';
import { describeSetting, invalidSettings, showValue, type SourceOf } from './setting-error.ts';
import { SETTING_SCHEMA, type SettingName } from './setting-schema.ts';
import { chooseGatewayUrl, createRejectSetting, locateTls, type TlsSettings } from './tls-settings.ts';

type Environment = Record<string, string | undefined>;
type Parsed = ReturnType<typeof SETTING_SCHEMA.parse>;

/** The settings of one registry, validated and with every path absolute. */
export interface Settings {
  adminUser: string;
  /** Undefined: one is generated at first start. */
  adminPassword: string | undefined;
  secretKey: string;
  dataDir: string;
  logDir: string;
  databaseFile: string;
  /** Address on which NGINX listens. */
  gatewayHost: string;
  gatewayPort: number;
  tls: TlsSettings | null;
  /** Public URL without a trailing slash. */
  gatewayUrl: string;
  allowedHosts: string[];
  allowedOrigins: string[];
  /** Seconds for which browsers use HTTPS only (HSTS); 0: off. */
  hstsMaxAgeS: number;
  /** Folder whose `.well-known/acme-challenge/` is served. */
  acmeWebroot: string;
  /** Addresses and networks whose X-Forwarded-* headers are trusted. */
  trustedProxies: string[];
  /** 0: any free port. */
  registryPort: number;
  registryHost: string;
  healthCron: string;
  healthTimeoutMs: number;
  drainTimeoutS: number;
  maxBodyBytes: number;
  connectionsPerAddress: number;
  upstreamAllow: string[];
  /** Where single calls are stored, and for how long, or sent to; null: neither. */
  callStore:
    | { kind: 'sqlite'; file: string; maxAgeDays: number; maxMegabytes: number }
    | { kind: 'file'; file: string; maxMegabytes: number }
    | { kind: 'stdout'; fd: number }
    | null;
  /** The meta endpoint is served at `/mcp`. */
  hasMeta: boolean;
  /** Administrators may register programs, which the bridge runs. */
  allowsPrograms: boolean;
  bridgeMaxProcesses: number;
  logLevel: string;
  nginxBin: string;
  nginxModulesDir: string | undefined;
  caFile: string;
  nginxWorkers: number;
  /** Where the configuration file is searched for, the file that was found, and its settings at the start. */
  config: { env: Environment; cwd: string; file: string | null; settings: Record<string, string> };
  /** Every setting as set or defaulted; for secrets only whether they are set. */
  inForce: EffectiveSetting[];
}

const NAMES = Object.keys(SETTING_SCHEMA.shape) as SettingName[];

function parseSettings(raw: Partial<Record<SettingName, string>>, sourceOf: SourceOf): Parsed {
  const parsed = SETTING_SCHEMA.safeParse(raw);
  if (parsed.success) return parsed.data;
  const names = new Set(parsed.error.issues.map(({ path }) => String(path[0]) as SettingName));
  throw invalidSettings(
    [...names].map((name) => {
      const shape = parsed.error.issues.find(({ path }) => path[0] === name)?.message ?? 'valid';
      return describeSetting(name, `${showValue(name, raw[name])} is not ${shape}`, sourceOf(name));
    }),
  );
}

function locateCalls(
  { CALL_STORE: kind, CALL_STORE_DAYS: maxAgeDays, CALL_STORE_MB: maxMegabytes }: Parsed,
  dataDir: string,
  { cwd, env }: { cwd: string; env: Environment },
): Settings['callStore'] {
  if (kind === 'off') return null;
  if (kind === 'sqlite') return { kind, file: join(dataDir, 'calls.db'), maxAgeDays, maxMegabytes };
  // The standard output of a service goes to its own logger; supervise.sh passes on the descriptor of the gateway's.
  if (kind === 'stdout') return { kind, fd: Number(env['MCPGW_STDOUT_FD'] ?? 1) };
  return { kind: 'file', file: resolve(cwd, kind), maxMegabytes };
}

/** Checks that files and folders named in the settings exist, before anything starts. */
function checkFiles(settings: Omit<Settings, 'secretKey'>, parsed: Parsed, env: Environment): FileProblems {
  const { tls } = settings;
  const found: [SettingName, string | null][] = [
    ['DATA_DIR', prepareFolder(settings.dataDir)],
    ['LOG_DIR', prepareFolder(settings.logDir)],
    ['ACME_WEBROOT', (parsed.ACME_WEBROOT === undefined ? prepareFolder : checkFolder)(settings.acmeWebroot)],
    ['DATABASE_URL', parsed.DATABASE_URL === undefined ? null : checkDatabase(settings.databaseFile)],
    ['NGINX_BIN', checkProgram(settings.nginxBin, env['PATH'] ?? '')],
    ['NGINX_MODULES', settings.nginxModulesDir === undefined ? null : checkFolder(settings.nginxModulesDir)],
    ['CALL_STORE', settings.callStore?.kind === 'file' ? checkFolder(dirname(settings.callStore.file)) : null],
    ['CA_FILE', env['CA_FILE'] === undefined ? null : checkReadable(settings.caFile)],
  ];
  const problems = found.filter((entry): entry is [SettingName, string] => entry[1] !== null);
  return { ...Object.fromEntries(problems), ...(tls === null || tls.isDev ? {} : checkTls(tls.sources)) };
}

/**
 * Reads the settings from the environment and the configuration file (`findConfigFile`); the environment takes precedence. Creates the data and
 * log folders and, at first start, the secret key. `instead` replaces the settings of an unreadable file. Throws RegistryError `invalid` that
 * names every invalid setting as the user wrote it.
 */
export function readSettings(env: Environment, cwd: string, instead?: Record<string, string>): Settings {
  const file = instead === undefined ? findConfigFile(env, cwd) : null;
  const fromFile = instead ?? (file === null ? {} : readConfigFile(file, env));
  const isSet = (name: SettingName) => env[name] !== undefined && env[name] !== '';
  const sourceOf: SourceOf = (name) => (!isSet(name) && name in fromFile ? file : null);
  const raw = Object.fromEntries(
    NAMES.map((name) => [name, isSet(name) ? env[name] : fromFile[name]] as const).filter(
      ([, value]) => value !== undefined && value !== '',
    ),
  ) as Partial<Record<SettingName, string>>;
  const s = parseSettings(raw, sourceOf);
  const dataDir = resolve(cwd, s.DATA_DIR);
  const reject = createRejectSetting(sourceOf);
  const tls = locateTls(s, { dataDir, toAbsolute: (file) => resolve(cwd, file), reject });
  const settings: Omit<Settings, 'secretKey'> = {
    adminUser: s.ADMIN_USER,
    adminPassword: s.ADMIN_PASSWORD,
    dataDir,
    logDir: resolve(cwd, s.LOG_DIR ?? join(dataDir, 'logs')),
    databaseFile:
      s.DATABASE_URL === undefined
        ? join(dataDir, 'mcpgw.db')
        : resolve(cwd, s.DATABASE_URL.replace(/^sqlite:(\/\/)?/, '')),
    gatewayHost: s.GATEWAY_HOST,
    gatewayPort: s.GATEWAY_PORT,
    tls,
    gatewayUrl: chooseGatewayUrl(s, tls, reject),
    allowedHosts: s.ALLOWED_HOSTS.map((host) => host.toLowerCase()),
    allowedOrigins: s.ALLOWED_ORIGINS.map((origin) => origin.toLowerCase()),
    // HSTS for the name of this machine would keep browsers from reaching its other programs over plain HTTP.
    hstsMaxAgeS: tls?.isDev === true ? 0 : s.HSTS_MAX_AGE,
    acmeWebroot: resolve(cwd, s.ACME_WEBROOT ?? join(dataDir, 'acme')),
    trustedProxies: s.TRUSTED_PROXIES,
    registryPort: s.REGISTRY_PORT,
    registryHost: s.REGISTRY_HOST,
    healthCron: s.HEALTH_CRON,
    healthTimeoutMs: s.HEALTH_TIMEOUT_MS,
    drainTimeoutS: s.DRAIN_TIMEOUT,
    maxBodyBytes: s.MAX_BODY_BYTES,
    connectionsPerAddress: s.CONNECTIONS_PER_ADDRESS,
    upstreamAllow: s.UPSTREAM_ALLOW,
    callStore: locateCalls(s, dataDir, { cwd, env }),
    hasMeta: s.META_MCP === 'on',
    allowsPrograms: s.STDIO_COMMANDS === 'allow',
    bridgeMaxProcesses: s.BRIDGE_MAX_PROCESSES,
    logLevel: s.LOG_LEVEL,
    nginxBin: s.NGINX_BIN.includes('/') ? resolve(cwd, s.NGINX_BIN) : s.NGINX_BIN,
    nginxModulesDir: s.NGINX_MODULES,
    caFile: s.CA_FILE,
    nginxWorkers: s.NGINX_WORKERS,
    config: { env: { ...env }, cwd, file, settings: fromFile },
    inForce: listInForce(s, (name) => (raw[name] === undefined ? 'default' : isSet(name) ? 'environment' : 'file')),
  };
  const problems = Object.entries(checkFiles(settings, s, { ...env, ...raw })) as [SettingName, string][];
  if (problems.length > 0)
    throw invalidSettings(problems.map(([name, problem]) => describeSetting(name, problem, sourceOf(name))));
  return { ...settings, secretKey: s.SECRET_KEY ?? readOrCreateSecretKey(dataDir) };
}
