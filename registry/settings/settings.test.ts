import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCertificatePair } from './certificate-pair.ts';
import { readSettings } from './settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-settings-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('defaults are as documented, folders are private, the secret key is created once', () => {
  const first = readSettings({}, folder);
  expect(first).toMatchObject({
    gatewayPort: 8080,
    registryPort: 7860,
    registryHost: '127.0.0.1',
    gatewayUrl: 'http://localhost:8080',
    tls: null,
  });
  expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, 'data/secret.key')).mode & 0o777).toBe(0o600);
  expect(readSettings({}, folder).secretKey).toBe(first.secretKey);
});

test('single calls are stored, sent to a file or the standard output, or neither', () => {
  const callStore = (CALL_STORE: string, more = {}) => readSettings({ CALL_STORE, ...more }, folder).callStore;
  expect(callStore('')).toMatchObject({ kind: 'sqlite', file: join(folder, 'data/calls.db'), maxAgeDays: 7 });
  expect(callStore('./calls.jsonl', { CALL_STORE_MB: '20' })).toEqual({
    ...{ kind: 'file', file: join(folder, 'calls.jsonl'), maxMegabytes: 20 },
  });
  expect(callStore('stdout')).toEqual({ kind: 'stdout', fd: 1 });
  expect(callStore('stdout', { MCPGW_STDOUT_FD: '8' })).toEqual({ kind: 'stdout', fd: 8 });
  expect(callStore('off')).toBeNull();
});

test('TLS_CERT without TLS_KEY names the missing one', () => {
  expect(() => readSettings({ TLS_CERT: '/nowhere.crt' }, folder)).toThrow(/TLS_KEY: .*set both or neither/);
});

test('TLS_CERT and TLS_KEY may be PEM text', () => {
  const pair = ['-keyout', join(folder, 'key'), '-out', join(folder, 'cert')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=a.test', ...pair], {
    stdio: 'ignore',
  });
  const [cert, key] = ['cert', 'key'].map((name) => readFileSync(join(folder, name), 'utf8')) as [string, string];
  const { tls } = readSettings({ TLS_CERT: cert, TLS_KEY: key }, folder);
  expect(tls?.sources.map((source) => readCertificatePair(source))).toMatchObject([{ cert, key, names: ['a.test'] }]);
});

test('an invalid secret is not shown in the error', () => {
  expect(() => readSettings({ ADMIN_PASSWORD: 'hunter2' }, folder)).toThrow(/^(?!.*hunter2)/s);
  expect(() => readSettings({ SECRET_KEY: 'too-short-secret' }, folder)).toThrow(/^(?!.*too-short-secret)/s);
});

test('mcpgw.config.json sets values, expands ${VAR}, and the environment takes precedence', () => {
  writeFileSync(
    join(folder, 'mcpgw.config.json'),
    '{"GATEWAY_PORT": 9000, "GATEWAY_URL": "https://${HOST_NAME}", "LOG_LEVEL": "${LEVEL:-warn}"}',
  );
  const settings = readSettings({ HOST_NAME: 'gw.example.com', GATEWAY_PORT: '9001' }, folder);
  expect(settings).toMatchObject({ gatewayPort: 9001, gatewayUrl: 'https://gw.example.com', logLevel: 'warn' });
  expect(() => readSettings({}, folder)).toThrow('HOST_NAME');
});

test('an unknown name or broken JSON in the file is rejected', () => {
  writeFileSync(join(folder, 'mcpgw.config.json'), '{"GATEWAY_PROT": 1}');
  expect(() => readSettings({}, folder)).toThrow('GATEWAY_PROT');
  writeFileSync(join(folder, 'mcpgw.config.json'), '{');
  expect(() => readSettings({}, folder)).toThrow(/mcpgw\.config\.json:1:2: a "}" is missing/);
});

test('a missing secret key with an existing database is an error, and no new key is created', () => {
  readSettings({}, folder);
  rmSync(join(folder, 'data/secret.key'));
  writeFileSync(join(folder, 'data/mcpgw.db'), '');
  expect(() => readSettings({}, folder)).toThrow('secret.key');
  expect(existsSync(join(folder, 'data/secret.key'))).toBe(false);
});

test.runIf(process.getuid?.() === 0)('as root, a symbolic link in place of a folder is not followed', () => {
  mkdirSync(join(folder, 'elsewhere'));
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'data'));
  expect(() => readSettings({}, folder)).toThrow('symbolic link');
});
