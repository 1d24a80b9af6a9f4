import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SECRET_SETTINGS, SETTING_EXAMPLES, SETTING_SCHEMA, type SettingName } from './setting-schema.ts';
import { readSettings } from './settings.ts';

let folder: string;
const at = (name: string) => join(folder, name);

function createCertificate(name: string): void {
  const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.crt`)];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=x', ...files], {
    stdio: 'ignore',
  });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-invalid-'));
  writeFileSync(at('file'), 'text');
  chmodSync(at('file'), 0o644);
  mkdirSync(at('cwd'));
  createCertificate('one');
  createCertificate('two');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** By setting: invalid values, each with a pattern of its error message. `%` stands for the test's folder. */
const INVALID: Record<SettingName, [value: string, pattern: RegExp, others?: Record<string, string>][]> = {
  ADMIN_USER: [['two words', /letters, digits/]],
  ADMIN_PASSWORD: [
    ['short', /10 characters/],
    ['ä'.repeat(40), /72 bytes/],
  ],
  SECRET_KEY: [['too-short-a-key', /32 to 512/]],
  DATA_DIR: [['%/file/data', /cannot be created/]],
  LOG_DIR: [['%/file', /cannot be created/]],
  GATEWAY_HOST: [
    ['gateway.example.com', /an IP address/],
    ['127.0.0.1:80', /an IP address/],
    ['[::1', /an IP address/],
  ],
  GATEWAY_PORT: [
    ['eighty', /"eighty" is not a port/],
    ['0', /1 to 65535/],
    ['65536', /1 to 65535/],
    ['80.5', /a port/],
    ['0x50', /a port/],
  ],
  GATEWAY_TLS_PORT: [['443s', /a port/]],
  TLS_CERT: [
    ['%/missing.crt', /cannot be read/, { TLS_KEY: '%/one.key' }],
    ['%/file', /not a certificate/, { TLS_KEY: '%/one.key' }],
  ],
  TLS_KEY: [
    ['%/missing.key', /cannot be read/, { TLS_CERT: '%/one.crt' }],
    ['%/file', /not a private key/, { TLS_CERT: '%/one.crt' }],
    ['%/two.key', /not the key of the certificate/, { TLS_CERT: '%/one.crt' }],
    ['%/one.key,%/one.key', /2 keys and TLS_CERT 1 certificate/, { TLS_CERT: '%/one.crt' }],
    ['-----BEGIN PRIVATE KEY-----', /the value is not a private key/, { TLS_CERT: '%/one.crt' }],
  ],
  TLS_DEV: [
    ['maybe', /yes or no/],
    ['yes', /TLS_CERT is set too/, { TLS_CERT: '%/one.crt', TLS_KEY: '%/one.key' }],
  ],
  HSTS_MAX_AGE: [['a year', /number of seconds/]],
  ACME_WEBROOT: [['%/none', /cannot be read/]],
  TRUSTED_PROXIES: [
    ['proxy.example', /addresses and networks/],
    ['10.0.0.0/40', /addresses and networks/],
  ],
  GATEWAY_URL: [
    ['gateway.example.com', /http or https URL/],
    ['ftp://gateway', /http or https URL/],
    ['http://gateway.example.com', /every call uses https/, { TLS_CERT: '%/one.crt', TLS_KEY: '%/one.key' }],
  ],
  ALLOWED_HOSTS: [
    ['a.example,https://b.example', /host names/],
    ['a b', /host names/],
  ],
  ALLOWED_ORIGINS: [
    ['chat.example.com', /origins/],
    ['https://chat.example.com/page', /origins/],
  ],
  META_MCP: [['yes', /on or off/]],
  STDIO_COMMANDS: [['yes', /allow or deny/]],
  BRIDGE_MAX_PROCESSES: [['0', /1 to 10000/]],
  REGISTRY_PORT: [['-1', /0 to 65535/]],
  REGISTRY_HOST: [['http://127.0.0.1', /address or host name/]],
  DATABASE_URL: [
    ['postgres://db', /sqlite:/],
    ['sqlite:%/none/mcpgw.db', /cannot be written/],
  ],
  HEALTH_CRON: [
    ['now and then', /"now and then" is not a cron expression of six fields/],
    ['*/5 * * * *', /six fields/],
    ['99 * * * * *', /six fields/],
  ],
  HEALTH_TIMEOUT_MS: [['5s', /milliseconds from 100/]],
  DRAIN_TIMEOUT: [['0', /seconds from 1/]],
  MAX_BODY_BYTES: [['99999999999', /16777216/]],
  CONNECTIONS_PER_ADDRESS: [['9', /10 to 1000000/]],
  UPSTREAM_ALLOW: [
    ['metadata.internal', /addresses, networks/],
    ['10.0.0.0/33', /addresses, networks/],
    ['10.0.0.1:99999', /addresses, networks/],
  ],
  CALL_STORE: [
    ['postgres', /sqlite, off, stdout, or a file/],
    ['/nowhere/at/all/calls.jsonl', /nowhere/],
  ],
  CALL_STORE_DAYS: [['0', /days from 1/]],
  CALL_STORE_MB: [['1', /megabytes from 10/]],
  LOG_LEVEL: [['loud', /fatal, error, warn/]],
  NGINX_BIN: [
    ['%/file', /not an executable file/],
    ['no-such-nginx', /no program/],
  ],
  NGINX_MODULES: [['%/none', /cannot be read/]],
  CA_FILE: [['%/none.pem', /cannot be read/]],
  NGINX_WORKERS: [
    ['many', /1 to 64/],
    ['65', /1 to 64/],
  ],
};

const fill = (text: string) => text.replaceAll('%', folder);
const fillAll = (values: Record<string, string>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fill(value)]));
const cases = Object.entries(INVALID).flatMap(([name, values]) =>
  values.map(([value, pattern, others = {}]) => ({ name: name as SettingName, value, pattern, others })),
);

function read(env: Record<string, string>): string {
  try {
    readSettings({ PATH: process.env['PATH'], DATA_DIR: at('data'), ...env }, at('cwd'));
    return 'it was accepted';
  } catch (error) {
    return (error as Error).message;
  }
}

test('the table has every setting', () => {
  expect(Object.keys(INVALID).sort()).toEqual(Object.keys(SETTING_SCHEMA.shape).sort());
});

describe.each(cases)('$name=$value', ({ name, value, pattern, others }) => {
  function expectHelpful(message: string, field: string) {
    const line = message.split('\n').find((text) => text.trim().startsWith(`${field}: `));
    expect(line, message).toMatch(pattern);
    expect(line).toContain(`; a valid value is ${SETTING_EXAMPLES[name]}`);
    if (SECRET_SETTINGS.includes(name)) expect(message).not.toContain(value);
  }

  test('in the environment', () => {
    expectHelpful(read({ ...fillAll(others), [name]: fill(value) }), name);
  });

  test('in the settings file', () => {
    const file = at('mcpgw.config.json');
    writeFileSync(file, JSON.stringify({ ...fillAll(others), [name]: fill(value) }));
    const message = read({ MCPGW_CONFIG: file, ...(name === 'DATA_DIR' ? { DATA_DIR: '' } : {}) });
    expectHelpful(message, `${name} (in ${file})`);
  });
});

test('all invalid settings are reported at once', () => {
  const message = read({ GATEWAY_PORT: 'eighty', HEALTH_CRON: 'often', LOG_LEVEL: 'loud' });
  for (const name of ['GATEWAY_PORT', 'HEALTH_CRON', 'LOG_LEVEL']) expect(message).toContain(`\n  ${name}: `);
});

test('examples are valid', () => {
  const skipped = [...SECRET_SETTINGS, 'REGISTRY_PORT'];
  const examples = Object.entries(SETTING_EXAMPLES).filter(([name]) => !skipped.includes(name));
  expect(SETTING_SCHEMA.safeParse(Object.fromEntries(examples)).error?.issues).toBeUndefined();
});
