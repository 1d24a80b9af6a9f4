import { existsSync } from 'node:fs';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBridge, waitUntilIdle, type RunningBridge } from '../../support/bridge/start-bridge.ts';
import { EVERYTHING, ODD } from '../../support/bridge/stdio-servers.ts';
import { closeAfterEachTest, closeAfterTest } from '../../support/close-after-test.ts';
import { listDescriptors } from '../../support/processes/list-descriptors.ts';
import { listChildren } from '../../support/processes/list-processes.ts';
import { waitFor } from '../../support/wait-for.ts';

let bridge: RunningBridge;
beforeAll(async () => {
  bridge = await startBridge({ SECRET_OF_ANOTHER: 'not for programs', TOKEN_SOURCE: 'the token' });
});
afterAll(() => bridge.close());
closeAfterEachTest();

async function call(client: Client, name: string, args: Record<string, unknown> = {}): Promise<string> {
  const { content } = (await client.callTool({ name, arguments: args })) as { content: { text: string }[] };
  return content[0]?.text ?? '';
}
const isGone = (pid: number) => waitFor(`the end of ${pid}`, () => !existsSync(`/proc/${pid}`));

test('each session has its own process, which ends with it', async () => {
  bridge.register('own', ODD);
  const [one, other] = await Promise.all([bridge.connect('own'), bridge.connect('own')]);
  const pids = await Promise.all([call(one.client, 'pid'), call(other.client, 'pid')]);
  expect(new Set(pids).size).toBe(2);
  await one.transport.terminateSession();
  await isGone(Number(pids[0]));
  expect(await call(other.client, 'pid')).toBe(pids[1]);
  await other.transport.terminateSession();
  await waitUntilIdle(bridge, 'own');
});

test('a shared process is initialised once, for any number of sessions', async () => {
  bridge.register('shared', { ...ODD, process: { sharing: 'shared' } });
  const sessions = await Promise.all([bridge.connect('shared'), bridge.connect('shared'), bridge.connect('shared')]);
  const seen = await Promise.all(
    sessions.map(async ({ client }) => [await call(client, 'pid'), await call(client, 'initializations')]),
  );
  expect(new Set(seen.map(String)).size).toBe(1);
  expect(seen[0]?.[1]).toBe('1');
  for (const { transport } of sessions) await transport.terminateSession();
});

test('a process that ends during a call fails it with the reason, and the next call gets a new process', async () => {
  bridge.register('crashing', ODD);
  const { client, transport } = await bridge.connect('crashing');
  const before = await call(client, 'pid');
  await expect(client.callTool({ name: 'crash' })).rejects.toThrow(
    /"crashing" ended \(exit code 7\).*the last words before the crash/,
  );
  expect(await call(client, 'pid')).not.toBe(before);
  await transport.terminateSession();
});

test('a client is notified when a program changes its tools', async () => {
  bridge.register('growing', ODD);
  const { client, transport } = await bridge.connect('growing');
  let notifications = 0;
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => void (notifications += 1));
  expect(await call(client, 'add-tool')).toBe('added');
  await waitFor('the notification', () => notifications > 0);
  expect((await client.listTools()).tools.map(({ name }) => name)).toContain('added');
  await transport.terminateSession();
});

test('an idle process is stopped; a status request neither starts nor prolongs it', async () => {
  bridge.register('sleepy', { ...ODD, process: { idleTimeoutS: 1 } });
  const { client } = await bridge.connect('sleepy');
  const pid = Number(await call(client, 'pid'));
  await waitFor('the stop despite status requests', async () => {
    await bridge.status('sleepy');
    return !existsSync(`/proc/${pid}`);
  });
  const { state, tools } = await bridge.status('sleepy');
  expect({ state, hasTools: (tools ?? []).length > 5 }).toEqual({ state: 'idle', hasTools: true });
  // The session continues with another process.
  expect(Number(await call(client, 'pid'))).not.toBe(pid);
});

test('text on stdout that is not a message is skipped and shown in the output', async () => {
  bridge.register('noisy', ODD);
  const { client, transport } = await bridge.connect('noisy');
  expect(await call(client, 'noise', { megabytes: 0.1 })).toBe('made noise');
  const { lines } = await bridge.output('noisy');
  expect(lines.some(({ stream, text }) => stream === 'stdout' && text.startsWith('noise noise'))).toBe(true);
  await expect(client.callTool({ name: 'noise', arguments: { megabytes: 20 } })).rejects.toThrow(/floods stdout/);
  await transport.terminateSession();
});

test('a flood on stderr is limited and does not affect other servers', async () => {
  bridge.register('flooding', ODD);
  bridge.register('calm', ODD);
  const flooding = await bridge.connect('flooding');
  await call(flooding.client, 'stderr-flood');
  const calm = await bridge.connect('calm');
  for (let count = 0; count < 20; count += 1) await call(calm.client, 'pid');
  const { lines } = await bridge.output('flooding');
  expect(lines.length).toBeLessThanOrEqual(500);
  await flooding.transport.terminateSession();
  await calm.transport.terminateSession();
});

test('a process that uses too much memory is ended with the reason, and those of other servers are not', async () => {
  bridge.register('hungry', { ...ODD, process: { memoryMb: 300 } });
  bridge.register('modest', { ...ODD, process: { memoryMb: 300 } });
  const modest = await bridge.connect('modest');
  const before = await call(modest.client, 'pid');
  const { client } = await bridge.connect('hungry');
  // It may be ended before it answers.
  await call(client, 'take-memory', { megabytes: 400 }).catch(() => undefined);
  const { problem } = await waitFor('the end of the process', async () => {
    const status = await bridge.status('hungry');
    return status.state === 'failed' && status;
  });
  expect(problem).toMatch(/used \d+ MB of memory and was ended; 300 MB are allowed/);
  expect(await call(modest.client, 'pid')).toBe(before);
  await modest.transport.terminateSession();
});

test('a call that is never answered times out', async () => {
  bridge.register('hanging', { ...ODD, process: { callTimeoutS: 1 } });
  const { client, transport } = await bridge.connect('hanging');
  await expect(client.callTool({ name: 'hang' })).rejects.toThrow(/did not answer tools\/call within 1 s/);
  await transport.terminateSession();
});

test('other servers answer while a call is pending', async () => {
  bridge.register('silent', ODD);
  bridge.register('answering', ODD);
  const silent = await bridge.connect('silent');
  const answering = await bridge.connect('answering');
  silent.client.callTool({ name: 'hang' }).catch(() => undefined);
  for (let count = 0; count < 20; count += 1) await call(answering.client, 'pid');
  await silent.transport.terminateSession();
  await answering.transport.terminateSession();
});

test('a program that cannot start is reported with the reason, tried again later, and at once when it is corrected', async () => {
  bridge.register('broken', { ...ODD, env: { REFUSE_TO_START: 'yes' } });
  for (const _ of ['first', 'second']) expect((await bridge.check('broken')).state).toBe('failed');
  expect((await bridge.status('broken')).problem).toMatch(/exit code 3.*refuses to start/);
  await expect(bridge.connect('broken')).rejects.toThrow(/refuses to start.*tried again in \d+ s/);
  bridge.register('broken', ODD);
  expect((await bridge.check('broken')).state).toBe('idle');

  bridge.register('missing', { command: 'no-such-program', args: [] });
  expect((await bridge.check('missing')).problem).toMatch(/no program "no-such-program" on the PATH/);
});

test('a program gets its own variables with references resolved, and few variables of the gateway', async () => {
  bridge.register('env', { ...ODD, env: { TOKEN: 'Bearer ${TOKEN_SOURCE}', PLAIN: 'plain' } });
  const { client, transport } = await bridge.connect('env');
  const environment = JSON.parse(await call(client, 'environment')) as Record<string, string>;
  expect(environment).toMatchObject({ TOKEN: 'Bearer the token', PLAIN: 'plain' });
  expect(environment).not.toHaveProperty('SECRET_OF_ANOTHER');
  expect(environment).not.toHaveProperty('BRIDGE_SOCKET');
  await transport.terminateSession();
  bridge.register('env', { ...ODD, env: { TOKEN: '${NOT_SET}' } });
  expect((await bridge.check('env')).problem).toContain('env.TOKEN: the variable NOT_SET is not set');
});

test('at most maxProcesses run: the least recently used one is ended for another', async () => {
  bridge.register('few', { ...ODD, process: { maxProcesses: 2 } });
  const sessions = [await bridge.connect('few'), await bridge.connect('few')];
  // In sequence, because the order of two concurrent calls is undefined.
  const pids: string[] = [];
  for (const { client } of sessions) pids.push(await call(client, 'pid'));
  const [first] = pids;
  sessions.push(await bridge.connect('few'));
  await isGone(Number(first));
  expect((await bridge.status('few')).processes.length).toBe(2);
  for (const { transport } of sessions) await transport.terminateSession();
});

test('of many registered servers at most BRIDGE_MAX_PROCESSES run, and the memory of each is known', async () => {
  const small = closeAfterTest(await startBridge({ BRIDGE_MAX_PROCESSES: '3' }));
  const ids = Array.from({ length: 100 }, (_, number) => `many-${number}`);
  for (const id of ids) small.register(id, ODD);
  const used = [];
  for (const id of ids.slice(0, 3)) used.push(await small.connect(id));
  for (const { client } of used) await call(client, 'pid');
  await expect(small.connect('many-3')).rejects.toThrow(/has 3 processes already.*raise BRIDGE_MAX_PROCESSES/);
  const running = (await Promise.all(ids.map((id) => small.status(id)))).flatMap(({ processes }) => processes);
  expect(running).toHaveLength(3);
  expect(running.every(({ memoryMb }) => (memoryMb ?? 0) > 0)).toBe(true);
  expect((await small.output('many-0')).processes.map(({ pid }) => pid)).toEqual([running[0]?.pid]);
  await used[0]?.transport.terminateSession();
  // Another one can start when its process has ended, which takes a moment.
  const { client } = await waitFor('the start of another', () => small.connect('many-3'));
  expect(Number(await call(client, 'pid'))).toBeGreaterThan(0);
});

test('removing a server ends its process', async () => {
  bridge.register('leaving', ODD);
  const { client } = await bridge.connect('leaving');
  const pid = Number(await call(client, 'pid'));
  bridge.remove('leaving');
  await isGone(pid);
});

// The bench "bridge" does this with 500 sessions, each with its own process.
test.each([
  ['shared', 200],
  ['session', 20],
] as const)('after many sessions (%s) no process and no descriptor is left', async (sharing, count) => {
  const id = `busy-${sharing}`;
  bridge.register(id, { ...ODD, process: { sharing } });
  const use = async () => {
    const { client, transport } = await bridge.connect(id);
    await client.listTools();
    await transport.terminateSession();
    await client.close();
  };
  const children = () => listChildren(bridge.program.pid);
  await use();
  if (sharing === 'session') await waitUntilIdle(bridge, id);
  const [before, programs] = [listDescriptors(bridge.program.pid), children()];
  for (let done = 0; done < count; done += 10) await Promise.all(Array.from({ length: 10 }, use));
  const status = await bridge.status(id);
  expect(status).toMatchObject({ sessions: 0, processes: sharing === 'shared' ? [{ calls: 0 }] : [] });
  await bridge.hangUp();
  await waitFor('the end of every new program and descriptor', () => {
    const remaining = listDescriptors(bridge.program.pid).filter((one) => !before.includes(one));
    return remaining.length === 0 && children().every((pid) => programs.includes(pid));
  });
});

test('a bridge killed with SIGKILL leaves no process behind, not even one that left its process group', async () => {
  const other = closeAfterTest(await startBridge());
  other.register('left', ODD);
  other.register('everything', EVERYTHING);
  const { client } = await other.connect('left');
  const second = await other.connect('everything');
  await second.client.listTools();
  const pids = [Number(await call(client, 'pid')), Number(await call(client, 'leave-process-behind'))];
  pids.push(...(await other.status('everything')).processes.map(({ pid }) => pid));
  expect(pids.every((pid) => existsSync(`/proc/${pid}`))).toBe(true);
  await other.program.stop('SIGKILL');
  await Promise.all(pids.map(isGone));
});
