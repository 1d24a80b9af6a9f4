import { isIP } from 'node:net';
import cron from 'node-cron';
import { z } from 'zod';
import type { SettingName } from '../contract/index.ts';
import { isPem } from './certificate-pair.ts';

const HOST_NAME = /^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?$/;

/** A whole number in decimal digits, as text in the environment. */
const integer = (least: number, most: number, fallback: number, what = 'a whole number') =>
  z
    .string()
    .regex(/^\d{1,12}$/, `${what} from ${least} to ${most}`)
    .transform(Number)
    .refine((value) => value >= least && value <= most, `${what} from ${least} to ${most}`)
    .default(fallback);
const port = (fallback: number, least = 1) => integer(least, 65_535, fallback, 'a port');
const path = () => z.string().regex(/^[^\0\r\n]+$/, 'a path');

const isHost = (host: string) => isIP(host.replace(/^\[|\]$/g, '')) !== 0 || HOST_NAME.test(host);

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text.toLowerCase().replace(/\/$/, '');
}

const list = (isItem: (item: string) => boolean, shape: string) =>
  z
    .string()
    .default('')
    .transform((text) => text.split(',').map((item) => item.trim()))
    .transform((items) => items.filter((item) => item !== ''))
    .refine((items) => items.every(isItem), shape);

function isNetwork(entry: string): boolean {
  const [address = '', bits, ...rest] = entry.split('/');
  if (isIP(address) === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(address) === 6 ? 128 : 32));
}

function isUpstreamEntry(entry: string): boolean {
  const withPort = /^(?:\[([^\]]+)\]|([\d.]+)):(\d{1,5})$/.exec(entry);
  if (withPort !== null) return isIP(withPort[1] ?? withPort[2] ?? '') !== 0 && Number(withPort[3]) <= 65_535;
  return isNetwork(entry);
}

/** PEM text, or file paths separated by commas. */
const pemOrFiles = () =>
  z
    .string()
    .transform((text) => (isPem(text) ? [text] : text.split(',').map((item) => item.trim())))
    .refine(
      (items) => items.every((item) => isPem(item) || /^[^\0\r\n]+$/.test(item)),
      'a file, files separated by commas, or PEM text',
    )
    .optional();

/** node-cron also accepts five fields, of which the first is minutes. */
const isCron = (text: string) => text.trim().split(/\s+/).length === 6 && cron.validate(text);

/** Schema of each setting's text. The message of each rule describes a valid value. */
export const SETTING_SCHEMA = z.object({
  ADMIN_USER: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/,
      'a name of 1 to 64 letters, digits and . _ @ -, beginning with a letter or digit',
    )
    .default('admin'),
  ADMIN_PASSWORD: z
    .string()
    .min(10, 'a password of 10 characters to 72 bytes')
    .refine((text) => Buffer.byteLength(text) <= 72, 'a password of 10 characters to 72 bytes')
    .optional(),
  SECRET_KEY: z
    .string()
    .min(32, 'a text of 32 to 512 characters')
    .max(512, 'a text of 32 to 512 characters')
    .optional(),
  DATA_DIR: path().default('./data'),
  LOG_DIR: path().optional(),
  GATEWAY_HOST: z
    .string()
    .refine((host) => isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0, 'an IP address of this machine')
    .default('0.0.0.0'),
  GATEWAY_PORT: port(8080),
  GATEWAY_TLS_PORT: port(8443),
  TLS_CERT: pemOrFiles(),
  TLS_KEY: pemOrFiles(),
  TLS_DEV: z.enum(['yes', 'no'], { error: 'yes or no' }).default('no'),
  HSTS_MAX_AGE: integer(0, 63_072_000, 31_536_000, 'a number of seconds'),
  ACME_WEBROOT: path().optional(),
  TRUSTED_PROXIES: list(isNetwork, 'addresses and networks, separated by commas'),
  GATEWAY_URL: z.url({ protocol: /^https?$/, error: 'an http or https URL' }).optional(),
  ALLOWED_HOSTS: list(isHost, 'host names without port, separated by commas'),
  ALLOWED_ORIGINS: list(isOrigin, 'origins (scheme, host, port) separated by commas'),
  REGISTRY_PORT: port(7860, 0),
  REGISTRY_HOST: z.string().refine(isHost, 'an address or host name of this machine').default('127.0.0.1'),
  DATABASE_URL: z
    .string()
    .regex(/^sqlite:(\/\/)?[^\0\r\n]+$/, 'sqlite: followed by a file name')
    .optional(),
  HEALTH_CRON: z
    .string()
    .refine(isCron, 'a cron expression of six fields: second, minute, hour, day of month, month, day of week')
    .default('*/30 * * * * *'),
  HEALTH_TIMEOUT_MS: integer(100, 60_000, 5_000, 'a number of milliseconds'),
  DRAIN_TIMEOUT: integer(1, 86_400, 600, 'a number of seconds'),
  MAX_BODY_BYTES: integer(1_024, 16 * 1024 * 1024, 4 * 1024 * 1024, 'a number of bytes'),
  CONNECTIONS_PER_ADDRESS: integer(10, 1_000_000, 2_000),
  META_MCP: z.enum(['on', 'off'], { error: 'on or off' }).default('on'),
  STDIO_COMMANDS: z.enum(['allow', 'deny'], { error: 'allow or deny' }).default('deny'),
  BRIDGE_MAX_PROCESSES: integer(1, 10_000, 100, 'a number of processes'),
  UPSTREAM_ALLOW: list(isUpstreamEntry, 'addresses, networks and address:port, separated by commas'),
  CALL_STORE: z
    .string()
    .regex(
      /^(sqlite|off|stdout|[^\0\r\n]*\/[^\0\r\n]*[^\0\r\n/])$/,
      'sqlite, off, stdout, or a file for JSON Lines with a slash in its path',
    )
    .default('sqlite'),
  CALL_STORE_DAYS: integer(1, 3_650, 7, 'a number of days'),
  CALL_STORE_MB: integer(10, 1_000_000, 1_024, 'a number of megabytes'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'one of fatal, error, warn, info, debug, trace, silent',
    })
    .default('info'),
  NGINX_BIN: path().default('nginx'),
  NGINX_MODULES: path().optional(),
  CA_FILE: path().default('/etc/ssl/certs/ca-certificates.crt'),
  NGINX_WORKERS: integer(1, 64, 2),
} satisfies Record<SettingName, z.ZodType>);

export type { SettingName };

/** Settings whose value is never shown. */
export const SECRET_SETTINGS: readonly SettingName[] = ['ADMIN_PASSWORD', 'SECRET_KEY', 'TLS_KEY'];

/** A valid value of each setting, shown with every error. */
export const SETTING_EXAMPLES: Record<SettingName, string> = {
  ADMIN_USER: 'admin',
  ADMIN_PASSWORD: 'the output of: openssl rand -base64 18',
  SECRET_KEY: 'the output of: openssl rand -hex 32',
  DATA_DIR: './data',
  LOG_DIR: './data/logs',
  GATEWAY_HOST: '127.0.0.1',
  GATEWAY_PORT: '8080',
  GATEWAY_TLS_PORT: '8443',
  TLS_CERT: '/etc/ssl/gateway.crt',
  TLS_KEY: '/etc/ssl/gateway.key',
  TLS_DEV: 'yes',
  HSTS_MAX_AGE: '31536000',
  ACME_WEBROOT: '/var/www/acme',
  TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8',
  GATEWAY_URL: 'https://gateway.example.com',
  ALLOWED_HOSTS: 'gateway.example.com,gw.internal',
  ALLOWED_ORIGINS: 'https://chat.example.com',
  REGISTRY_PORT: '7860 (0: any free port)',
  REGISTRY_HOST: '127.0.0.1',
  DATABASE_URL: 'sqlite:/var/lib/mcpgw/mcpgw.db',
  HEALTH_CRON: '*/30 * * * * *',
  HEALTH_TIMEOUT_MS: '5000',
  DRAIN_TIMEOUT: '600',
  MAX_BODY_BYTES: '4194304',
  CONNECTIONS_PER_ADDRESS: '2000',
  META_MCP: 'off',
  STDIO_COMMANDS: 'allow',
  BRIDGE_MAX_PROCESSES: '100',
  UPSTREAM_ALLOW: '169.254.169.254,10.0.0.0/8',
  CALL_STORE: 'sqlite',
  CALL_STORE_DAYS: '7',
  CALL_STORE_MB: '1024',
  LOG_LEVEL: 'info',
  NGINX_BIN: '/usr/sbin/nginx',
  NGINX_MODULES: '/usr/lib/nginx/modules',
  CA_FILE: '/etc/ssl/certs/ca-certificates.crt',
  NGINX_WORKERS: '2',
};
