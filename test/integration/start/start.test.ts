import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listProcessesOf } from '../../support/processes/list-processes.ts';
import { createGatewayEnv, ROOT } from '../../support/gateway/start-gateway.ts';
import { runProgram, type RunningProgram } from '../../support/processes/run-program.ts';
import { findFreePorts } from '../../support/processes/free-ports.ts';
import { requestHttps } from '../../support/tls/request-https.ts';
import { waitFor } from '../../support/wait-for.ts';

const START = join(ROOT, 'scripts/start.sh');
const KEY = /mgw_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}/;

let parent: string;
let dataDir: string;
let env: Record<string, string>;
let programs: RunningProgram[];

beforeEach(async () => {
  parent = mkdtempSync(join(tmpdir(), 'mcpgw-start-'));
  dataDir = join(parent, 'data');
  env = await createGatewayEnv(dataDir);
  delete env['ADMIN_PASSWORD'];
  programs = [];
});

afterEach(async () => {
  for (const program of programs) await program.stop();
  expect(listProcessesOf(parent)).toEqual([]);
  rmSync(parent, { recursive: true, force: true });
});

function start(args: string[] = [], more: Record<string, string> = {}, command = START): RunningProgram {
  const program = runProgram(command, args, { env: { ...env, ...more }, cwd: parent });
  programs.push(program);
  return program;
}

test('the first start prints the URL, the login, the key and a snippet; the next one prints no secrets', async () => {
  const first = start();
  await first.line(/^ready$/);
  const output = first.stdout();
  expect(output).toContain(`http://localhost:${env['GATEWAY_PORT']}`);
  const file = join(dataDir, 'first-login.txt');
  expect(output).toContain(file);
  const secrets = readFileSync(file, 'utf8');
  const password = /password"?\s*[:=]\s*"?([^\s"]+)/i.exec(secrets)?.[1] ?? '';
  expect(password.length).toBeGreaterThanOrEqual(10);
  expect(output).not.toContain(password);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const key = KEY.exec(output)?.[0];
  expect(key).toBeDefined();
  expect(secrets).not.toContain(key);
  const snippet = JSON.parse(output.slice(output.indexOf('{'), output.lastIndexOf('}') + 1)) as {
    mcpServers: Record<string, unknown>;
  };
  expect(Object.values(snippet.mcpServers)).toMatchObject([
    { type: 'http', headers: { Authorization: `Bearer ${key}` } },
  ]);
  expect(output.trimEnd().split('\n').at(-1)).toBe('ready');
  expect(await first.stop('SIGTERM')).toBe(0);
  expect(listProcessesOf(parent)).toEqual([]);

  const second = start();
  await second.line(/^ready$/);
  expect(second.stdout()).not.toMatch(KEY);
  expect(await second.stop('SIGINT')).toBe(0);
});

test('no secret reaches a log', async () => {
  const program = start();
  await program.line(/^ready$/);
  const key = KEY.exec(program.stdout())![0];
  const password = /password"?\s*[:=]\s*"?([^\s"]+)/i.exec(readFileSync(join(dataDir, 'first-login.txt'), 'utf8'))![1]!;
  const found = spawnSync('grep', [
    '-rlF',
    '-e',
    key,
    '-e',
    password,
    '-e',
    readFileSync(join(dataDir, 'secret.key'), 'utf8').trim(),
    join(dataDir, 'logs'),
    join(dataDir, 'generations'),
  ]);
  expect(found.stdout.toString()).toBe('');
});

test('on a terminal the password is printed once and not stored in a file', async () => {
  const program = start(['-qec', START, '/dev/null'], {}, 'script');
  await program.line(/^ready\r?$/);
  expect(program.stdout()).toMatch(/password \S{10,}/);
  expect(existsSync(join(dataDir, 'first-login.txt'))).toBe(false);
  const pid = Number(readFileSync(join(dataDir, 'gateway.pid'), 'utf8'));
  process.kill(pid, 'SIGINT');
  expect(await program.ended).toBe(0);
});

test('a second start on the same folder is refused with the pid of the first', async () => {
  const first = start();
  await first.line(/^ready$/);
  const second = start();
  expect(await second.ended).toBe(1);
  expect(second.stderr()).toMatch(/a gateway already runs on .*data \(pid \d+\)/);
  expect(first.isRunning()).toBe(true);
});

test('a port in use stops the start with the pid of the process that uses it and the setting', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(Number(env['GATEWAY_PORT']), () => resolve()));
  try {
    const program = start();
    expect(await program.ended).toBe(1);
    expect(program.stderr()).toContain(`port ${env['GATEWAY_PORT']} (GATEWAY_PORT) is taken by pid ${process.pid}`);
  } finally {
    holder.close();
  }
});

test('the services of a killed gateway end with it, and another can start', async () => {
  const first = start();
  await first.line(/^ready$/);
  process.kill(Number(readFileSync(join(dataDir, 'gateway.pid'), 'utf8')), 'SIGKILL');
  await first.ended;
  await waitFor('the services to end by themselves', () => listProcessesOf(parent).length === 0);
  await start().line(/^ready$/);
});

test('SIGHUP stops it, but not under nohup; the end of its supervisor ends it with code 1', async () => {
  const first = start();
  await first.line(/^ready$/);
  expect(await first.stop('SIGHUP')).toBe(0);

  const second = start([START], {}, 'nohup');
  await second.line(/^ready$/);
  process.kill(second.pid, 'SIGHUP');
  expect((await fetch(`http://127.0.0.1:${env['GATEWAY_PORT']}/readyz`)).status).toBe(200);
  const supervisor = listProcessesOf(parent).find(({ command }) => command.startsWith('s6-svscan '));
  process.kill(supervisor!.pid, 'SIGTERM');
  expect(await second.ended).toBe(1);
  expect(second.stderr()).not.toContain('Stopping');
  expect(second.stderr()).toContain('s6-svscan) ended by itself');
  await start().line(/^ready$/);
});

test('a pid file with the pid of an unrelated process does not prevent a start', async () => {
  const first = start();
  await first.line(/^ready$/);
  await first.stop();
  writeFileSync(join(dataDir, 'gateway.pid'), `${process.pid}\n`);
  await start().line(/^ready$/);
});

test('other ports at the next start are used, even if the last configuration was verified', async () => {
  const first = start();
  await first.line(/^ready$/);
  await first.stop();
  const other = await createGatewayEnv(dataDir);
  await start([], { GATEWAY_PORT: other['GATEWAY_PORT']!, REGISTRY_PORT: other['REGISTRY_PORT']! }).line(/^ready$/);
  expect((await fetch(`http://127.0.0.1:${other['GATEWAY_PORT']}/readyz`)).status).toBe(200);
});

test('REGISTRY_PORT 0 uses any free port, and the same one after a crash; the management server listens on a socket', async () => {
  const program = start([], { REGISTRY_PORT: '0' });
  await program.line(/^ready$/);
  const url = () => readFileSync(join(dataDir, 'run/registry.url'), 'utf8').trim();
  const before = url();
  expect(Number(new URL(before).port)).toBeGreaterThan(1023);
  expect((await fetch(`${before}/healthz`)).status).toBe(200);
  expect(statSync(join(dataDir, 'run/mcpgw-server.sock')).isSocket()).toBe(true);
  const gateway = `http://127.0.0.1:${env['GATEWAY_PORT']}`;
  expect((await fetch(`${gateway}/mcpgw/mcp`, { method: 'POST' })).status).toBe(401);
  const pid = Number(readFileSync(join(dataDir, 'supervise/registry/pgid'), 'utf8'));
  process.kill(pid, 'SIGKILL');
  await waitFor('another registry', async () => {
    const now = Number(readFileSync(join(dataDir, 'supervise/registry/pgid'), 'utf8'));
    return now !== pid && (await fetch(`${gateway}/readyz`)).status === 200;
  });
  expect(url()).toBe(before);
});

test('an invalid setting stops the start with its name and a valid value', async () => {
  const program = start([], { GATEWAY_PORT: 'eighty' });
  expect(await program.ended).toBe(1);
  expect(program.stderr()).toMatch(/GATEWAY_PORT: .*eighty.*8080/);
  const cron = start([], { HEALTH_CRON: 'now and then' });
  expect(await cron.ended).toBe(1);
  expect(cron.stderr()).toMatch(
    /HEALTH_CRON: "now and then" is not a cron expression of six fields.*\*\/30 \* \* \* \* \*/,
  );
  expect(existsSync(join(dataDir, 'logs/registry'))).toBe(false);
});

test('one port for two settings stops the start with their names', async () => {
  const program = start([], { REGISTRY_PORT: env['GATEWAY_PORT']! });
  expect(await program.ended).toBe(1);
  expect(program.stderr()).toContain('GATEWAY_PORT and REGISTRY_PORT are both');
});

test('--help prints the help, an unknown option is refused', async () => {
  const help = start(['--help']);
  expect(await help.ended).toBe(0);
  expect(help.stdout()).toContain('--demo');
  const unknown = start(['--dmo']);
  expect(await unknown.ended).toBe(1);
  expect(unknown.stderr()).toContain('--dmo');
});

test('--tls=dev serves https with a certificate of a local CA, prints how to trust it, and keeps the CA', async () => {
  const [tlsPort = 0] = await findFreePorts(1);
  const more = { GATEWAY_TLS_PORT: String(tlsPort), ALLOWED_HOSTS: 'gateway.test' };
  const first = start(['--tls=dev'], more);
  await first.line(/^ready$/);
  expect(first.stdout()).toContain(`mcpgw serves at https://localhost:${tlsPort}`);
  const caFile = join(dataDir, 'tls-dev/ca.crt');
  expect(first.stdout()).toContain(`NODE_EXTRA_CA_CERTS=${caFile}`);
  const ca = readFileSync(caFile, 'utf8');
  const ask = (servername: string) => requestHttps({ port: tlsPort, servername, ca, path: '/readyz' });
  for (const name of ['localhost', 'gateway.test']) {
    const reply = await ask(name);
    expect([name, reply.status, reply.headers['strict-transport-security']]).toEqual([name, 200, undefined]);
  }
  expect(statSync(join(dataDir, 'tls-dev/ca.key')).mode & 0o777).toBe(0o600);
  await first.stop();

  const second = start(['--tls=dev'], { ...more, ALLOWED_HOSTS: 'gateway.test,another.test' });
  await second.line(/^ready$/);
  expect(readFileSync(caFile, 'utf8')).toBe(ca);
  expect((await ask('another.test')).status).toBe(200);
});
