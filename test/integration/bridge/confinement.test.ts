import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Confinement } from '../../../registry/contract/index.ts';
import { startBridge, type BridgedProgram, type RunningBridge } from '../../support/bridge/start-bridge.ts';
import { callText, startConfined } from '../../support/bridge/start-confined.ts';
import { ODD } from '../../support/bridge/stdio-servers.ts';
import { ROOT } from '../../support/gateway/start-gateway.ts';

let bridge: RunningBridge;
/** A folder of other users on this machine. */
let others: string;

beforeAll(async () => {
  others = mkdtempSync('/var/lib/mcpgw-confinement-');
  bridge = await startBridge({ SECRET_OF_ANOTHER: 'a secret of the gateway' });
});
afterAll(async () => {
  await bridge.close();
  rmSync(others, { recursive: true });
});

const confined = (id: string, confinement?: Partial<Confinement>, more?: Partial<BridgedProgram>) =>
  startConfined(bridge, id, confinement, more);

test('without network a confined program cannot connect, not even to loopback; with network it can', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const [cut, open] = [await confined('cut'), await confined('open', { network: true })];
  expect(await callText(cut.client, 'connect', { to: { port, host: '127.0.0.1' } })).toMatch(/ECONNREFUSED/);
  expect(await callText(cut.client, 'connect', { to: { port: 53, host: '192.0.2.1' } })).toMatch(/ENETUNREACH/);
  expect(await callText(open.client, 'connect', { to: { port, host: '127.0.0.1' } })).toBe('connected');
  server.close();
  await Promise.all([cut.end(), open.end()]);
});

test('a confined program can write to its own folder and /tmp only', async () => {
  const { run, home, end } = await confined('reader');
  const temporary = join('/tmp', basename(others));
  expect(
    (await run('sh', '-c', `pwd; echo "$HOME"; touch here ~/there ${temporary} && ls`)).stdout.split('\n'),
  ).toEqual([...[home, home, 'here', 'there', '']]);
  expect(existsSync(join(home, 'here'))).toBe(true);
  expect(existsSync(temporary)).toBe(false);
  for (const file of [
    '/usr/x',
    '/etc/x',
    '/x',
    join(ROOT, 'x'),
    join(others, 'x'),
    '/home/x',
    '/dev/x',
    '/run/x',
    '/sys/x',
  ])
    expect(await run('touch', file), file).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/Read-only/) as string,
    });
  // Owned by root, who also runs the programs of a gateway that was started by root.
  for (const file of ['/proc/sys/kernel/domainname', '/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger'])
    expect((await run('sh', '-c', `: >> ${file}`)).status, file).not.toBe(0);
  await end();
});

test('memory used by files is limited too', async () => {
  const { run, end } = await confined('filler', {}, { process: { memoryMb: 200 } });
  for (const folder of ['/tmp', '/dev/shm']) {
    const { stderr } = await run('dd', 'if=/dev/zero', `of=${folder}/big`, 'bs=1M', 'count=250');
    expect(stderr, folder).toMatch(/No space left/);
  }
  await end();
});

test('a confined program sees no data of the gateway, no folder of another server, no home, no socket of a service', async () => {
  mkdirSync(join(bridge.folder, 'homes/neighbour'), { recursive: true });
  writeFileSync(join(bridge.folder, 'homes/neighbour/notes'), 'of another server');
  writeFileSync(join(bridge.folder, 'secret.key'), 'the key of the gateway');
  const { run, home, client, end } = await confined('blind', { network: true });
  const { stdout } = await run('find', bridge.folder);
  expect(
    stdout
      .trim()
      .split('\n')
      .filter((path) => !path.startsWith(home)),
  ).toEqual([bridge.folder, join(bridge.folder, 'homes')]);
  expect((await run('sh', '-c', 'ls -A /home /root /run /var/tmp; ls -A ' + homedir())).stdout).not.toMatch(
    /\w+\.|bash|ssh|lock/,
  );
  for (const path of ['bridge.sock', 'inner.sock'])
    expect(await callText(client, 'connect', { to: { path: join(bridge.folder, path) } })).toMatch(/ENOENT/);
  await end();
});

test('lists make paths writable or hide them, and the longest path decides', async () => {
  for (const folder of ['a/b/c', 'z']) mkdirSync(join(others, folder), { recursive: true });
  for (const file of ['a/one', 'a/b/two', 'a/b/c/three', 'z/four']) writeFileSync(join(others, file), file);
  const { run, end } = await confined('lists', {
    writable: [join(others, 'a'), join(others, 'a/b/c')],
    hidden: [join(others, 'a/b'), join(others, 'z/four')],
  });
  expect((await run('cat', join(others, 'a/one'))).stdout).toBe('a/one');
  expect((await run('ls', join(others, 'a/b'))).stdout).toBe('c\n');
  expect((await run('cat', join(others, 'a/b/c/three'))).stdout).toBe('a/b/c/three');
  expect((await run('cat', join(others, 'z/four'))).stdout).toBe('');
  expect((await run('touch', join(others, 'a/new'), join(others, 'a/b/c/new'))).status).toBe(0);
  expect((await run('touch', join(others, 'a/b/new'))).status).toBe(1);
  await end();
});

test('with a writable file system the folders of the gateway remain protected', async () => {
  const { run, end } = await confined('writer', { readOnly: false });
  expect((await run('touch', join(others, 'written'))).status).toBe(0);
  for (const file of [join(ROOT, 'dist/x'), '/home/x', '/sys/kernel/x', join(bridge.folder, 'x')])
    expect((await run('touch', file)).status, file).toBe(1);
  expect((await run('ls', bridge.folder)).stdout).toBe('homes\n');
  await end();
});

test('a confined program sees only its own processes and cannot kill others', async () => {
  const { run, end } = await confined('alone');
  const pids = (await run('sh', '-c', 'ls /proc | grep "^[0-9]"')).stdout.trim().split('\n');
  expect(pids.length).toBeLessThan(8);
  const { stdout } = await run('sh', '-c', 'cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline');
  expect(stdout).not.toContain('SECRET_OF_ANOTHER');
  expect((await run('kill', '-9', String(bridge.program.pid))).status).not.toBe(0);
  expect((await run('kill', '-9', String(process.pid))).status).not.toBe(0);
  await end();
});

test('a confined program has no capability, cannot gain any, and cannot create a user namespace', async () => {
  const { run, end } = await confined('plain');
  const { stdout } = await run('cat', '/proc/self/status');
  expect(stdout).toMatch(/CapEff:\s+0+\n/);
  expect(stdout).toMatch(/CapBnd:\s+0+\n/);
  expect(stdout).toMatch(/NoNewPrivs:\s+1\n/);
  expect(stdout).toMatch(/Seccomp:\s+2\n/);
  expect((await run('unshare', '--user', '--map-root-user', 'true')).status).not.toBe(0);
  expect((await run('mount', '-t', 'tmpfs', 'none', '/tmp')).status).not.toBe(0);
  expect((await run('umount', '/home')).status).not.toBe(0);
  await end();
});

test('a confined program cannot access the session keyring of the gateway', async () => {
  const { run, end } = await confined('keyless');
  const keyctl = process.arch === 'x64' ? 250 : 219;
  // KEYCTL_GET_KEYRING_ID of KEY_SPEC_SESSION_KEYRING.
  const { stdout } = await run('perl', '-e', `print syscall(${keyctl}, 0, -3, 0), " $!"`);
  expect(stdout).toBe('-1 Operation not permitted');
  await end();
});

test('a confined program has no descriptor of the bridge', async () => {
  const { run, end } = await confined('bare');
  const { stdout } = await run(
    'sh',
    '-c',
    'for pid in $(ls /proc | grep "^[0-9]"); do ls -l /proc/$pid/fd 2>/dev/null; done',
  );
  const targets = stdout.split('\n').flatMap((line) => / -> (.+)$/.exec(line)?.[1] ?? []);
  expect(targets.filter((one) => one.includes(bridge.folder) || /inotify|userfaultfd/.test(one))).toEqual([]);
  await end();
});

test('an abstract socket of the machine cannot be reached without network', async () => {
  const name = `\0mcpgw-test-${process.pid}`;
  const server = createServer().listen({ path: name });
  await new Promise((resolve) => server.once('listening', resolve));
  const { client, end } = await confined('abstract');
  expect(await callText(client, 'connect', { to: { path: name } })).toMatch(/ECONNREFUSED/);
  server.close();
  await end();
});

test('a confined program gets its secrets in its environment, not in its arguments, and has its own home', async () => {
  bridge.register('env', { ...ODD, confinement: {}, env: { TOKEN: 'a secret', NAME: '${HOME}' } });
  const { client, transport } = await bridge.connect('env');
  const environment = JSON.parse(await callText(client, 'environment')) as Record<string, string>;
  expect(environment).toMatchObject({ TOKEN: 'a secret', HOME: join(bridge.folder, 'homes/env') });
  expect(environment).not.toHaveProperty('SECRET_OF_ANOTHER');
  expect(environment).not.toHaveProperty('TMPDIR');
  const pid = (await bridge.status('env')).processes[0]?.pid ?? 0;
  expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8')).not.toContain('a secret');
  await transport.terminateSession();
});

test('unusable paths are reported by name, and nothing is started', async () => {
  const link = join(others, 'link');
  symlinkSync('/etc', link);
  const problem = async (confinement: Partial<Confinement>, more: object = {}) => {
    bridge.register('wrong', { ...ODD, confinement, ...more });
    const { state, problem: message, remedy } = await bridge.check('wrong');
    expect(state).toBe('failed');
    return `${message} ${remedy}`;
  };
  expect(await problem({ writable: ['/no/such'] })).toMatch(/confinement.writable: \/no\/such does not exist/);
  expect(await problem({ writable: [link] })).toMatch(/is a link to \/etc\b.*Write \/etc/);
  expect(await problem({ readable: [bridge.folder] })).toMatch(/which is reserved for the gateway/);
  expect(await problem({ writable: [join(bridge.folder, '..')].map((path) => realpathSync(path)) })).toMatch(
    /contains .* of the gateway/,
  );
  expect(await problem({ writable: [join(ROOT, 'dist')] })).toMatch(/of the gateway, or is in it/);
  expect(await problem({}, { cwd: homedir() })).toMatch(/cwd: .* is hidden by the confinement.*confinement.readable/);
  expect(await problem({ hidden: [realpathSync(ODD.command)] })).toMatch(/command: .* is hidden by the confinement/);
});
