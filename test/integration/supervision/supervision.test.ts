import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectClient, echo } from '../../support/gateway/call-tool.ts';
import { listChildren, listProcessesOf } from '../../support/processes/list-processes.ts';
import { startEverything } from '../../support/gateway/start-everything.ts';
import { startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';
import { waitFor } from '../../support/wait-for.ts';

let gateway: Gateway;
const closers: (() => Promise<void>)[] = [];
let key: string;

beforeAll(async () => {
  const everything = await startEverything();
  closers.push(everything.close);
  gateway = await startGateway();
  closers.push(gateway.close);
  expect((await gateway.register({ path: 'everything', url: everything.url })).applied).toBe(true);
  ({ key } = await gateway.createAgent(['everything']));
});

afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

function readPid(file: string): number {
  const pid = Number(readFileSync(join(gateway.dataDir, file), 'utf8'));
  // An empty file is read as 0, which means the caller's own process group to kill(2).
  if (pid > 1) return pid;
  throw new Error(`${file} names no process`);
}
const masterPid = () => readPid('run/nginx.pid');
const registryPid = () => readPid('supervise/registry/pgid');
const nginxPids = () => listProcessesOf(gateway.dataDir).filter(({ command }) => command.startsWith('nginx: '));
const callOnce = async () => {
  const client = await connectClient(`${gateway.url}/everything/mcp`, key);
  try {
    return await echo(client, 'hello');
  } finally {
    await client.close();
  }
};
const isReady = async () => (await fetch(`${gateway.url}/readyz`)).status === 200;

test('only required services run: no bridge where no program may be registered', () => {
  const entries = readdirSync(join(gateway.dataDir, 'supervise'), { withFileTypes: true });
  const services = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  expect(services.map(({ name }) => name).sort()).toEqual(['mcpgw-server', 'nginx', 'registry']);
});

test('a killed NGINX worker is replaced, and calls succeed', async () => {
  const master = masterPid();
  const [victim] = listChildren(master);
  process.kill(victim!, 'SIGKILL');
  await waitFor('a new worker', () => !listChildren(master).includes(victim!) && listChildren(master).length >= 2);
  expect(masterPid()).toBe(master);
  expect(await waitFor('a call', callOnce)).toContain('hello');
});

test('a killed NGINX master leaves no orphan on the port and is restarted with the same routes', async () => {
  const before = { master: masterPid(), workers: listChildren(masterPid()) };
  const killedAt = Date.now();
  process.kill(before.master, 'SIGKILL');
  expect(
    await waitFor('a call through the new NGINX', () => masterPid() !== before.master && callOnce(), 15_000),
  ).toContain('hello');
  expect(Date.now() - killedAt).toBeLessThan(10_000);
  const now = nginxPids().map(({ pid }) => pid);
  for (const orphan of before.workers) expect(now).not.toContain(orphan);
});

test('calls succeed while the registry is not running, and it is restarted, even if the configuration file is broken', async () => {
  const config = join(gateway.dataDir, 'mcpgw.config.yaml');
  writeFileSync(config, 'servers:\n  other: {\n', { mode: 0o644 });
  const before = registryPid();
  const client = await connectClient(`${gateway.url}/everything/mcp`, key);
  process.kill(before, 'SIGKILL');
  const registry = { isBack: false };
  const back = waitFor('the registry', async () => registryPid() !== before && (await isReady())).finally(
    () => (registry.isBack = true),
  );
  for (let calls = 0; !registry.isBack || calls < 20; calls += 1)
    expect(await echo(client, `call ${calls}`)).toContain(`call ${calls}`);
  await back;
  await client.close();
  expect(await gateway.admin.must('GET', '/api/servers/everything')).toMatchObject({ path: 'everything' });
  const broken = { state: 'broken', file: config, problems: [{ line: expect.any(Number) }] };
  expect(await gateway.admin.must('GET', '/api/config')).toMatchObject(broken);
  expect(readFileSync(join(gateway.logDir, 'registry/current'), 'utf8')).toMatch(
    /mcpgw\.config\.yaml:\d+:\d+: .*\n.*\n.*last applied settings/,
  );
  rmSync(config);
  await waitFor('that nothing is wrong', async () => {
    const { state } = await gateway.admin.must<{ state: string }>('GET', '/api/config');
    return state === 'none';
  });
});

test('a registry that is killed repeatedly is restarted with a delay, and NGINX continues to serve', async () => {
  for (let round = 0; round < 4; round += 1) {
    const before = registryPid();
    await waitFor('a registry to kill', () => {
      process.kill(before, 'SIGKILL');
      return true;
    });
    await waitFor('another registry', () => registryPid() !== before);
  }
  await waitFor('the log to report the pause', () =>
    /deaths in two minutes; starting again in \d+ s/.test(
      readFileSync(join(gateway.logDir, 'registry/current'), 'utf8'),
    ),
  );
  expect(await callOnce()).toContain('hello');
  await waitFor('the registry', isReady);
});

test('SIGTERM ends everything: exit 0 and no process left', async () => {
  expect(listProcessesOf(gateway.dataDir).length).toBeGreaterThan(5);
  expect(await gateway.program.stop('SIGTERM')).toBe(0);
  expect(listProcessesOf(gateway.dataDir)).toEqual([]);
});
