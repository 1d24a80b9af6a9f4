import { join, resolve } from 'node:path';
import { readConfigFile } from '../../registry/settings/config-file.ts';
import { findConfigFile } from '../../registry/settings/find-config-file.ts';
import {
  SECRET_SETTINGS,
  SETTING_EXAMPLES,
  SETTING_SCHEMA,
  type SettingName,
} from '../../registry/settings/setting-schema.ts';
import { devCertificate, isPem, type CertificateSource } from '../../registry/settings/certificate-pair.ts';

/** The settings that concern this machine; an invalid one has its default, and is in `problems`. */
export interface MachineSettings {
  dataDir: string;
  logDir: string;
  databaseFile: string;
  gatewayPort: number;
  registryPort: number;
  registryHost: string;
  tls: { port: number; sources: CertificateSource[]; isDev: boolean } | null;
  gatewayUrl: string;
  nginxBin: string;
  nginxModulesDir: string | undefined;
  allowsPrograms: boolean;
  problems: string[];
}

const NAMES = Object.keys(SETTING_SCHEMA.shape) as SettingName[];

/** Reads the settings of the configuration file; errors in it are added to `problems`. Relative paths of the environment are relative to `cwd`. */
function readFile(env: NodeJS.ProcessEnv, root: string, cwd: string, problems: string[]): Record<string, string> {
  const absolute = (name: string) =>
    env[name] === undefined || env[name] === '' ? {} : { [name]: resolve(cwd, env[name]) };
  try {
    const file = findConfigFile({ ...env, ...absolute('MCPGW_CONFIG'), ...absolute('DATA_DIR') }, root);
    return file === null ? {} : readConfigFile(file, env);
  } catch (thrown) {
    problems.push((thrown as Error).message);
    return {};
  }
}

/**
 * Reads the settings as a start would, without creating anything, and continues where a start would stop. `root`: the folder of mcpgw, to which
 * paths in the file are relative; those of the environment are relative to `cwd`.
 */
export function readMachineSettings(env: NodeJS.ProcessEnv, root: string, cwd: string): MachineSettings {
  const problems: string[] = [];
  const isSet = (name: string) => env[name] !== undefined && env[name] !== '';
  const fromFile = readFile(env, root, cwd, problems);
  const valid = (name: SettingName): unknown => {
    const written = isSet(name) ? env[name] : fromFile[name];
    const parsed = SETTING_SCHEMA.shape[name].safeParse(written);
    if (parsed.success) return parsed.data;
    const shown = SECRET_SETTINGS.includes(name) ? 'the value' : JSON.stringify(written);
    problems.push(
      `${name}: ${shown} is not ${parsed.error.issues[0]?.message ?? 'valid'}; a valid value is ${SETTING_EXAMPLES[name]}`,
    );
    return SETTING_SCHEMA.shape[name].parse(undefined);
  };
  const values = Object.fromEntries(NAMES.map((name) => [name, valid(name)])) as ReturnType<
    typeof SETTING_SCHEMA.parse
  >;
  const locate = (name: SettingName, path: string) => resolve(isSet(name) ? cwd : root, path);
  const dataDir = locate('DATA_DIR', values.DATA_DIR);
  const tlsSources = (values.TLS_CERT ?? []).map((cert, at): CertificateSource => {
    const key = values.TLS_KEY?.[at] ?? '';
    return { cert: isPem(cert) ? cert : locate('TLS_CERT', cert), key: isPem(key) ? key : locate('TLS_KEY', key) };
  });
  const isDev = values.TLS_DEV === 'yes';
  const speaksTls = isDev || tlsSources.length > 0;
  const { GATEWAY_PORT: gatewayPort, GATEWAY_TLS_PORT: tlsPort } = values;
  const defaultUrl = speaksTls ? `https://localhost:${tlsPort}` : `http://localhost:${gatewayPort}`;
  return {
    dataDir,
    logDir: values.LOG_DIR === undefined ? join(dataDir, 'logs') : locate('LOG_DIR', values.LOG_DIR),
    databaseFile:
      values.DATABASE_URL === undefined
        ? join(dataDir, 'mcpgw.db')
        : resolve(root, values.DATABASE_URL.replace(/^sqlite:(\/\/)?/, '')),
    gatewayPort,
    registryPort: values.REGISTRY_PORT,
    registryHost: values.REGISTRY_HOST,
    tls: speaksTls ? { port: tlsPort, sources: isDev ? [devCertificate(dataDir)] : tlsSources, isDev } : null,
    gatewayUrl: (values.GATEWAY_URL ?? defaultUrl).replace(/\/+$/, ''),
    nginxBin: values.NGINX_BIN.includes('/') ? locate('NGINX_BIN', values.NGINX_BIN) : values.NGINX_BIN,
    nginxModulesDir: values.NGINX_MODULES,
    allowsPrograms: values.STDIO_COMMANDS === 'allow',
    problems,
  };
}
