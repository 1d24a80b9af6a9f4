import { spawn, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAuthority } from '../../../test/support/tls/create-authority.ts';
import type { Facts, Finding } from '../finding.ts';
import { readMachineSettings } from '../machine-settings.ts';
import { runChecks } from '../run-checks.ts';
import { CHECKS } from './index.ts';

let folder: string;
let root: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-doctor-'));
  root = join(folder, 'root');
  for (const part of ['bin', 'root', 'data', 'proc/sys/fs/inotify', 'proc/self'])
    mkdirSync(join(folder, part), { recursive: true });
  chmodSync(join(folder, 'data'), 0o700);
  writeFileSync(join(folder, 'proc/sys/fs/inotify/max_user_watches'), '65536\n');
  writeFileSync(join(folder, 'proc/sys/fs/inotify/max_user_instances'), '512\n');
  writeFileSync(
    join(folder, 'proc/self/limits'),
    'Max open files            65536                65536                files\n',
  );
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A machine in which all is well but for what a test changes. */
function facts(env: Record<string, string> = {}, more: Partial<Facts> = {}): Facts {
  const all = {
    PATH: join(folder, 'bin'),
    DATA_DIR: join(folder, 'data'),
    GATEWAY_PORT: '45679',
    REGISTRY_PORT: '0',
    ...env,
  };
  const settings = readMachineSettings(all, root, folder);
  const places = { proc: join(folder, 'proc'), system: '/', statfs: statfsSync };
  return { env: all, root, settings, ...places, nowMs: Date.now(), pid: null, ...more };
}

function program(name: string, script: string): string {
  const file = join(folder, 'bin', name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

async function find(check: string, given: Facts): Promise<Finding[]> {
  const found = await CHECKS[check]!(given);
  for (const { message, hint } of found) {
    expect(message).not.toBe('');
    expect(hint).not.toBe('');
  }
  return found;
}
const messages = async (check: string, given: Facts): Promise<string> =>
  (await find(check, given)).map(({ message }) => message).join('\n');

test('an invalid setting is named, a secret is not shown, and the other checks go on', async () => {
  const said = await messages('settings', facts({ HEALTH_TIMEOUT_MS: 'soon', ADMIN_PASSWORD: 'short' }));
  expect(said).toMatch(/HEALTH_TIMEOUT_MS: "soon" is not/);
  expect(said).toContain('ADMIN_PASSWORD');
  expect(said).not.toContain('short');
  writeFileSync(join(root, 'mcpgw.config.json'), '{ "GATEWAY_PORT": 1,, }');
  expect(await messages('settings', facts())).toContain('mcpgw.config.json');
});

test('NGINX that is missing, too old, or cannot be run', async () => {
  const missing = { NGINX_BIN: join(folder, 'no-nginx') };
  expect(await messages('nginx', facts(missing))).toContain('is not installed');
  const NGINX_BIN = program('old-nginx', 'echo "nginx version: nginx/1.18.0" >&2');
  expect(await messages('nginx', facts({ NGINX_BIN }))).toContain('1.18.0 is too old');
  expect(await messages('nginx', facts({ NGINX_BIN: program('ill-nginx', 'exit 127') }))).toContain('cannot be run');
  const good = program('new-nginx', 'echo "nginx version: nginx/1.28.0" >&2');
  expect(await find('nginx', facts({ NGINX_BIN: good }))).toEqual([]);
});

test('the Lua module of NGINX that is missing', async () => {
  const NGINX_BIN = program('nginx', 'echo "nginx version: nginx/1.28.0" >&2');
  const said = await messages('lua', facts({ NGINX_BIN, NGINX_MODULES: join(folder, 'bin') }));
  expect(said).toContain('ngx_http_lua_module.so');
  const alone = await messages('lua', facts({ NGINX_BIN }, { system: folder }));
  expect(alone).toMatch(/library lua-resty-core is missing[^]*library lua-cjson is missing/);
  const openresty = program('openresty', 'echo "nginx version: openresty/1.27.1 --add-module=../ngx_lua-0.10" >&2');
  expect(await find('lua', facts({ NGINX_BIN: openresty, NGINX_MODULES: join(folder, 'bin') }))).toEqual([]);
});

test('what is not built, and what is built from older sources', async () => {
  const said = await messages('built', facts());
  for (const part of ['the programs', 'the gate', 'the UI']) expect(said).toContain(`${part} is not built`);
  for (const file of ['dist/registry.js', 'nginx/dist/gate.lua', 'ui/dist/index.html', 'registry/main.ts']) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), '');
  }
  expect(await find('built', facts())).toEqual([]);
  utimesSync(join(root, 'dist/registry.js'), 1, 1);
  expect(await messages('built', facts())).toContain('older than its source');
});

test('a data folder that others may read is closed with --fix', async () => {
  const dataDir = join(folder, 'data');
  writeFileSync(join(dataDir, 'secret.key'), 'x', { mode: 0o644 });
  chmodSync(dataDir, 0o755);
  const given = facts();
  expect(await messages('data folder', given)).toContain('may read');
  const { findings } = await runChecks({ 'data folder': CHECKS['data folder']! }, given, true);
  expect(findings.map(({ fix }) => fix)).toEqual(['done', 'done']);
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600);
  expect(await find('data folder', given)).toEqual([]);
  writeFileSync(join(folder, 'file'), '');
  expect(await messages('data folder', facts({ DATA_DIR: join(folder, 'file') }))).toContain('is not a folder');
});

test('a log folder that is missing is made with --fix', async () => {
  const LOG_DIR = join(folder, 'logs');
  const check = { 'log folder': CHECKS['log folder']! };
  expect((await runChecks(check, facts({ LOG_DIR }), false)).findings).toMatchObject([{ fix: 'possible' }]);
  expect(existsSync(LOG_DIR)).toBe(false);
  expect((await runChecks(check, facts({ LOG_DIR }), true)).findings).toMatchObject([{ fix: 'done' }]);
  expect(existsSync(LOG_DIR)).toBe(true);
});

test('a database that is damaged, one without its key, and the first password', async () => {
  const real = join(import.meta.dirname, '../../..');
  const dataDir = join(folder, 'data');
  writeFileSync(join(dataDir, 'mcpgw.db'), 'this is no database, whatever its name says '.repeat(200));
  const said = await messages('database', facts({ PATH: process.env['PATH'] ?? '' }, { root: real }));
  expect(said).toContain('secret.key');
  expect(said).toContain('not sound');
  writeFileSync(join(dataDir, 'first-login.txt'), 'password: x\n', { mode: 0o600 });
  expect(await messages('first password', facts())).toContain('first-login.txt');
});

test('limits of the machine: watches, open files', async () => {
  expect([...(await find('inotify', facts())), ...(await find('open files', facts()))]).toEqual([]);
  writeFileSync(join(folder, 'proc/sys/fs/inotify/max_user_watches'), '100\n');
  writeFileSync(join(folder, 'proc/sys/fs/inotify/max_user_instances'), '8\n');
  writeFileSync(
    join(folder, 'proc/self/limits'),
    'Max open files            256                  4096                 files\n',
  );
  expect(await messages('inotify', facts())).toMatch(/max_user_watches is 100[^]*max_user_instances is 8/);
  expect(await messages('open files', facts())).toContain('256 files');
});

test('a data folder that this user cannot use', async () => {
  const dataDir = join(folder, 'data');
  chmodSync(dataDir, 0);
  chmodSync(folder, 0o755);
  // Root may do everything, so it asks as somebody else.
  const asNobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : ['env'];
  const { stdout } = spawnSync(
    asNobody[0]!,
    [...asNobody.slice(1), process.execPath, join(import.meta.dirname, '../machine.ts'), 'doctor'],
    { encoding: 'utf8', env: { PATH: '/nowhere:/usr/bin:/bin', MCPGW_ROOT: root, DATA_DIR: dataDir } },
  );
  const { findings } = JSON.parse(stdout) as { findings: { message: string }[] };
  expect(findings.map(({ message }) => message)).toContain(
    `DATA_DIR ${dataDir} cannot be read and written by this user (EACCES)`,
  );
  chmodSync(dataDir, 0o700);
});

test('what supervises the processes is missing, and each of it is named with its package', async () => {
  const said = await messages('supervisor', facts());
  for (const one of ['s6-svscan (of s6)', 's6-log (of s6)', 'setpriv (of util-linux)', 'flock (of util-linux)'])
    expect(said).toContain(`${one} is missing`);
  for (const name of ['s6-svscan', 's6-log', 'setpriv', 'flock']) program(name, 'true');
  expect(await find('supervisor', facts())).toEqual([]);
});

test('a disk that is nearly full, and one without inodes', async () => {
  const block = { bsize: 4_096, bavail: 1_000_000, files: 100_000, ffree: 50_000 };
  const on = (more: object) => facts({}, { statfs: () => ({ ...block, ...more }) });
  expect(await find('disk', on({}))).toEqual([]);
  expect(await find('disk', on({ bavail: 100_000 }))).toMatchObject([
    { severity: 'warning', message: expect.stringContaining('nearly full: 390 MB') as string },
  ]);
  expect(await messages('disk', on({ bavail: 20_000 }))).toContain('is full: 78 MB');
  expect(await messages('disk', on({ ffree: 999 }))).toContain('999 inodes free');
  // Some file systems have no such number (btrfs).
  expect(await find('disk', on({ files: 0, ffree: 0 }))).toEqual([]);
});

test('a disk that is full', async () => {
  expect(await find('disk', facts({ LOG_DIR: join(folder, 'data/logs') }))).toEqual([]);
  // A file system that never has space.
  expect(await messages('disk', facts({ DATA_DIR: '/proc/mcpgw', LOG_DIR: join(folder, 'logs') }))).toMatch(
    /is full|inodes free/,
  );
});

test('a clock that is wrong', async () => {
  writeFileSync(join(root, 'package.json'), '{}');
  expect(await find('clock', facts())).toEqual([]);
  expect(await messages('clock', facts({}, { nowMs: Date.parse('2001-01-01') }))).toContain('2001-01-01');
});

test('certificates: missing, of another name, expiring, expired', async () => {
  const authority = createAuthority();
  try {
    const { certFile, keyFile } = authority.issue(['gateway.example.com']);
    const env = { TLS_CERT: certFile, TLS_KEY: keyFile, GATEWAY_URL: 'https://gateway.example.com' };
    const endsMs = Date.parse(new X509Certificate(readFileSync(certFile)).validTo);
    expect(await find('certificates', facts(env))).toEqual([]);
    expect(await messages('certificates', facts(env, { nowMs: endsMs - 86_400_000 }))).toContain('expires soon');
    expect(await messages('certificates', facts(env, { nowMs: endsMs + 1_000 }))).toContain('has expired');
    expect(await messages('certificates', facts(env, { nowMs: 0 }))).toContain('not valid before');
    const other = { ...env, GATEWAY_URL: 'https://other.example.com' };
    expect(await messages('certificates', facts(other))).toContain('is for other.example.com');
    const unreadable = { ...env, TLS_KEY: join(folder, 'none.key') };
    expect(await messages('certificates', facts(unreadable))).toContain('cannot be read');
    const stranger = { ...env, TLS_KEY: authority.issue(['gateway.example.com']).keyFile };
    expect(await messages('certificates', facts(stranger))).not.toBe('');
  } finally {
    authority.remove();
  }
});

test('a port that is taken, with who has it', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', () => resolve()));
  const { port } = server.address() as AddressInfo;
  const found = await find('ports', facts({ GATEWAY_PORT: String(port) }));
  await new Promise((resolve) => server.close(resolve));
  expect(found).toMatchObject([{ message: expect.stringContaining(`taken by pid ${process.pid}`) as string }]);
  expect(await find('ports', facts({ GATEWAY_PORT: String(port) }))).toEqual([]);
});

test('a start that is gone while its services hold the lock', async () => {
  expect(await messages('lock', facts({}, { pid: 4_194_000 }))).toContain('is gone');
});

test('processes that do not answer, and one that ends again and again', async () => {
  const dataDir = join(folder, 'data');
  mkdirSync(join(dataDir, 'supervise/registry'), { recursive: true });
  writeFileSync(join(dataDir, 'supervise/registry/deaths'), '1 1 0\n2 1 0\n3 256 9\n');
  const said = await messages(
    'services',
    facts({ GATEWAY_PORT: '9', REGISTRY_PORT: '10', STDIO_COMMANDS: 'allow' }, { pid: process.pid }),
  );
  expect(said).toContain('NGINX does not answer at port 9');
  expect(said).toContain('the registry does not answer');
  expect(said).toContain('the bridge does not answer');
  expect(said).toContain('registry ended 3 times');
});

test('a machine where nothing is installed: what supervises is missing too, and doctor itself ends well', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../machine.ts'), 'doctor'], {
    env: { PATH: '/nowhere', MCPGW_ROOT: root, DATA_DIR: join(folder, 'none') },
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more));
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  const { checked } = JSON.parse(text) as { checked: string[] };
  expect(checked).toEqual(Object.keys(CHECKS));
  expect(existsSync(join(folder, 'none'))).toBe(false);
});
