import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBridge, type RunningBridge } from '../../support/bridge/start-bridge.ts';
import { callText, runInside, startConfined } from '../../support/bridge/start-confined.ts';
import { ODD } from '../../support/bridge/stdio-servers.ts';
import { listProcessesOf } from '../../support/processes/list-processes.ts';
import { waitFor } from '../../support/wait-for.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startBridge();
});
afterAll(() => bridge.close());

const confined = (id: string) => startConfined(bridge, id);

test('a stopped process gets SIGTERM and time to end before it is killed', async () => {
  const { client, end } = await confined('stubborn');
  await callText(client, 'ignore-end');
  const pid = (await bridge.status('stubborn')).processes[0]?.pid ?? 0;
  await end();
  await waitFor('its end', () => !existsSync(`/proc/${pid}`));
  const texts = async () => (await bridge.output('stubborn')).lines.map(({ text }) => text);
  // Written only after its pipes are closed as well.
  await waitFor('how it ended', async () => (await texts()).at(-1) === 'ended (signal SIGKILL)');
  expect(await texts()).toContain('got SIGTERM');
});

test.runIf(process.getuid?.() === 0)('confinement also works for an ordinary user that may use low ports', async () => {
  const other = await startBridge({}, { user: 65534 });
  other.register('ordinary', { ...ODD, confinement: {}, process: { memoryMb: 500 } });
  const { client } = await other.connect('ordinary');
  const run = (...words: string[]) => runInside(client, words);
  expect((await run('id', '-u')).stdout).toBe('65534\n');
  expect((await run('grep', 'Cap', '/proc/self/status')).stdout).not.toMatch(/Cap\w+:\s+0*[1-9a-f]/);
  expect((await run('touch', '/home/x')).status).toBe(1);
  await callText(client, 'leave-process-behind');
  await other.program.stop('SIGKILL');
  await waitFor('the end of all processes', () => inside(other.folder).length === 0);
  await other.close();
});

test('the reason why a process ended is reported as without confinement', async () => {
  const { client, end } = await confined('crashing');
  await expect(client.callTool({ name: 'crash' })).rejects.toThrow(/ended \(exit code 7\).*the last words/);
  await end();
  bridge.register('refusing', { ...ODD, confinement: {}, env: { REFUSE_TO_START: 'yes' } });
  expect((await bridge.check('refusing')).problem).toMatch(/exit code 3.*refuses to start/);
});

test('a process that uses too much memory is ended, with processes that left its group', async () => {
  bridge.register('hungry', { ...ODD, confinement: {}, process: { memoryMb: 200 } });
  const { client } = await bridge.connect('hungry');
  await callText(client, 'run', {
    words: ['sh', '-c', `setsid perl -e '$x = "x" x 400_000_000; sleep 1000' >/dev/null 2>&1 &`],
  });
  const { problem } = await waitFor('the end of the process', async () => {
    const status = await bridge.status('hungry');
    return status.state === 'failed' && status;
  });
  expect(problem).toMatch(/used \d+ MB of memory and was ended; 200 MB are allowed/);
});

/** Processes of a bridge that are confined, seen from outside. */
const inside = (folder: string) => listProcessesOf(join(folder, 'homes'));

test('a bridge killed with SIGKILL leaves no process behind', async () => {
  const other = await startBridge();
  other.register('left', { ...ODD, confinement: {} });
  const { client } = await other.connect('left');
  await callText(client, 'leave-process-behind');
  expect(inside(other.folder).length).toBeGreaterThanOrEqual(3);
  await other.program.stop('SIGKILL');
  await waitFor('the end of all processes', () => inside(other.folder).length === 0);
  await other.close();
});

test('when memory runs out, a confined process is killed before the gateway', async () => {
  const { run, end } = await confined('expendable');
  expect((await run('cat', '/proc/self/oom_score_adj')).stdout.trim()).toBe('500');
  await end();
});

test('without bubblewrap a server is not started, and its status states what to install', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-path-'));
  for (const name of ['node', 'sh']) symlinkSync(name === 'sh' ? '/bin/sh' : process.execPath, join(folder, name));
  const other = await startBridge({ PATH: folder });
  other.register('confined', { ...ODD, confinement: {} });
  const { state, problem, remedy, processes } = await other.check('confined');
  expect({ state, processes }).toEqual({ state: 'failed', processes: [] });
  expect(problem).toMatch(/"confined" is confined, and bubblewrap \(bwrap\).* is not on the PATH of the gateway/);
  expect(remedy).toMatch(/Install the package "bubblewrap".*not started without it/);
  await other.close();
  rmSync(folder, { recursive: true });
});

test('without user namespaces a server is not started, and its status states the reason', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-path-'));
  // The real bwrap where the kernel refuses namespaces: within one that allows none.
  const script = `#!/bin/sh\nexec /usr/bin/bwrap --unshare-user --disable-userns --dev-bind / / -- /usr/bin/bwrap "$@"\n`;
  writeFileSync(join(folder, 'bwrap'), script, { mode: 0o755 });
  const other = await startBridge({ PATH: `${folder}:${process.env['PATH']}` });
  other.register('confined', { ...ODD, confinement: {} });
  const { state, problem, remedy } = await other.check('confined');
  expect(state).toBe('failed');
  expect(problem).toMatch(/this machine does not let the gateway do that: .*namespace/);
  expect(remedy).toMatch(/needs user namespaces/);
  await other.close();
  rmSync(folder, { recursive: true });
});

test('a package download without network fails with an error that states the remedy', async () => {
  bridge.register('download', {
    command: 'npx',
    args: ['-y', '@mcpgw/no-such-package@1.0.0'],
    confinement: {},
    process: { startTimeoutS: 60 },
  });
  const { problem, remedy } = await bridge.check('download');
  expect(problem).toMatch(/has no network to download its package with/);
  expect(remedy).toMatch(/set "confinement.network" to true, let it start once/);
});
