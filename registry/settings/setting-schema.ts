import { z } from 'zod';

const port = (fallback: number, least = 1) => z.coerce.number().int().min(least).max(65_535).default(fallback);
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

/** Name → schema and an example of a good value: the whole configuration of the registry. */
export const SETTING_SCHEMA = z.object({
  ADMIN_USER: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/)
    .default('admin'),
  ADMIN_PASSWORD: z.string().min(10).max(72).optional(),
  SECRET_KEY: z.string().min(32).max(512).optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  LOG_DIR: z.string().min(1).optional(),
  GATEWAY_PORT: port(8080),
  GATEWAY_TLS_PORT: port(8443),
  TLS_CERT: z.string().min(1).optional(),
  TLS_KEY: z.string().min(1).optional(),
  GATEWAY_URL: z.url({ protocol: /^https?$/ }).optional(),
  ALLOWED_HOSTS: list,
  ALLOWED_ORIGINS: list,
  REGISTRY_PORT: port(7860, 0),
  REGISTRY_HOST: z.string().min(1).default('127.0.0.1'),
  DATABASE_URL: z
    .string()
    .regex(/^sqlite:/)
    .optional(),
  HEALTH_CRON: z.string().min(9).default('*/30 * * * * *'),
  HEALTH_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(5_000),
  DRAIN_TIMEOUT: z.coerce.number().int().min(1).max(86_400).default(600),
  MAX_BODY_BYTES: z.coerce
    .number()
    .int()
    .min(1_024)
    .max(16 * 1024 * 1024)
    .default(4 * 1024 * 1024),
  UPSTREAM_ALLOW: list,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  NGINX_BIN: z.string().min(1).default('nginx'),
  NGINX_MODULES: z.string().min(1).optional(),
  CA_FILE: z.string().min(1).default('/etc/ssl/certs/ca-certificates.crt'),
  NGINX_WORKERS: z.coerce.number().int().min(1).max(64).default(2),
});
export type SettingName = keyof typeof SETTING_SCHEMA.shape;

/** Setting → an example of a good value, shown with every refusal. */
export const SETTING_EXAMPLES: Record<SettingName, string> = {
  ADMIN_USER: 'admin',
  ADMIN_PASSWORD: 'a password of 10 to 72 characters',
  SECRET_KEY: 'at least 32 characters, for example the output of: openssl rand -hex 32',
  DATA_DIR: './data',
  LOG_DIR: './data/logs',
  GATEWAY_PORT: '8080',
  GATEWAY_TLS_PORT: '8443',
  TLS_CERT: '/etc/ssl/gateway.crt',
  TLS_KEY: '/etc/ssl/gateway.key',
  GATEWAY_URL: 'https://gateway.example.com',
  ALLOWED_HOSTS: 'gateway.example.com,gw.internal',
  ALLOWED_ORIGINS: 'https://chat.example.com',
  REGISTRY_PORT: '7860 (0: any free port)',
  REGISTRY_HOST: '127.0.0.1',
  DATABASE_URL: 'sqlite:/var/lib/mcpgw/mcpgw.db',
  HEALTH_CRON: '*/30 * * * * *',
  HEALTH_TIMEOUT_MS: '5000',
  DRAIN_TIMEOUT: '600 (seconds)',
  MAX_BODY_BYTES: '4194304 (at most 16777216)',
  UPSTREAM_ALLOW: '169.254.169.254,10.0.0.0/8',
  LOG_LEVEL: 'info (fatal, error, warn, info, debug, trace or silent)',
  NGINX_BIN: '/usr/sbin/nginx',
  NGINX_MODULES: '/usr/lib/nginx/modules',
  CA_FILE: '/etc/ssl/certs/ca-certificates.crt',
  NGINX_WORKERS: '2',
};
