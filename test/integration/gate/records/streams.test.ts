import { once } from 'node:events';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isRunning } from '../../../support/processes/is-running.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { startRecords, type RunningRecords } from './start-records.ts';
import { ACCESS_VERSION } from '../../../../registry/contract/gate/access-version.ts';

const [KEPT, REVOKED] = ['a'.repeat(64), 'b'.repeat(64)] as const;

/** An upstream whose streams never end by themselves. */
let upstream: Server;
let url: string;
let gate: RunningRecords;
const replies = new Set<ServerResponse>();

beforeEach(async () => {
  upstream = createServer((_question, reply) => {
    replies.add(reply);
    reply.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': open\n\n');
  });
  await once(upstream.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await gate.close();
  replies.clear();
  upstream.closeAllConnections();
  upstream.close();
});

function put(file: string, fields: object): void {
  writeFileSync(`${gate.accessDir}/${file}.tmp`, JSON.stringify({ v: ACCESS_VERSION, ...fields }));
  renameSync(`${gate.accessDir}/${file}.tmp`, `${gate.accessDir}/${file}`);
}
const putGate = (killed: string | null) => put('gate.json', { drain: false, killed, sessionKey: 'k' });
const putKey = (key: string, more: object = {}) =>
  put(`keys/${key}.json`, {
    agent: 'a',
    enabled: true,
    grants: [{ server: 's', tools: ['*'] }],
    sessionKey: 'k',
    ...more,
  });
const putServer = (state: 'on' | 'off') => put('servers/s.json', { state, tools: null, instances: [] });

function readStream(socket: Socket, key: string) {
  const stream = { key, head: '', endedAt: 0 };
  socket.on('data', (bytes) => (stream.head += bytes.toString()));
  socket.on('error', () => undefined);
  socket.on('close', () => (stream.endedAt = performance.now()));
  return stream;
}
const isOpen = (stream: { head: string }) => stream.head.includes(': open');

async function openStreams(key: string, count: number) {
  const streams: ReturnType<typeof readStream>[] = [];
  for (let n = 0; n < count; n += 1) {
    const socket = connect({ path: gate.socket });
    streams.push(readStream(socket, key));
    socket.write(`GET /stream?key=${key}&server=s HTTP/1.1\r\nHost: x\r\n\r\n`);
  }
  await waitFor('every stream to be open', () => streams.every(isOpen));
  return streams;
}
async function start(kind: (typeof NGINX_KINDS)[number], inotify = true): Promise<void> {
  gate = await startRecords({ kind, upstream: url, inotify });
  putGate(null);
  putServer('on');
  for (const key of [KEPT, REVOKED]) putKey(key);
  await listWorkers();
}
async function listWorkers(): Promise<number[]> {
  const lines = await gate.openLines();
  for (const line of lines) line.close();
  return lines.map((line) => line.pid);
}
/** Milliseconds from `from` to the end of the last one. */
async function timeEnd(streams: Awaited<ReturnType<typeof openStreams>>, from: number): Promise<number> {
  await waitFor('the streams to end', () => streams.every((one) => one.endedAt > 0));
  return Math.max(...streams.map((one) => one.endedAt)) - from;
}

describe.each(NGINX_KINDS)('streams on $name', (kind) => {
  test.each([
    ['its key is revoked', () => rmSync(`${gate.accessDir}/keys/${REVOKED}.json`)],
    ['its agent is disabled', () => putKey(REVOKED, { enabled: false })],
    ['its grant is removed', () => putKey(REVOKED, { grants: [] })],
  ])('are closed when %s, also in workers that shut down, and no other one is', async (_what, revoke) => {
    await start(kind);
    const old = [await openStreams(KEPT, 100), await openStreams(REVOKED, 100)] as const;
    const before = await listWorkers();
    gate.reload();
    const lines = await gate.openLines(before);
    const young = [await openStreams(KEPT, 100), await openStreams(REVOKED, 100)] as const;

    const from = performance.now();
    revoke();
    const durationMs = await timeEnd([...old[1], ...young[1]], from);

    expect(durationMs).toBeLessThan(10_000);
    expect([...old[0], ...young[0]].filter((one) => one.endedAt > 0)).toEqual([]);
    const counts = await Promise.all(lines.map(async (line) => Number((await line.ask('stats')).split(' ')[2])));
    expect(counts[0]! + counts[1]!).toBe(100);
    // The remaining streams end with the server, and then nothing keeps the old workers running.
    putServer('off');
    await timeEnd([...old[0], ...young[0]], from);
    for (const line of lines) line.close();
    await waitFor('the old workers to exit', () => before.every((pid) => !isRunning(pid)));
  });

  test('are closed by the kill switch and while inotify is off', async () => {
    await start(kind, false);
    const streams = await openStreams(KEPT, 20);
    putGate('stopped');
    await timeEnd(streams, 0);
  });

  test('that begin in a worker that is already shutting down are closed too', async () => {
    await start(kind);
    const before = await listWorkers();
    const sockets = Array.from({ length: 12 }, () => connect({ path: gate.socket }));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    // Only an unfinished request head keeps its worker running.
    for (const socket of sockets) socket.write('GET /stream?key=' + REVOKED);
    // Both workers respond, so they have accepted the earlier connections.
    await listWorkers();
    gate.reload();
    for (const line of await gate.openLines(before)) line.close();
    // Only the periodic task reads the queue meanwhile. Twice: the task continues although the worker shuts down and has no stream.
    const readings = (pid: number) =>
      gate
        .log()
        .split('\n')
        .filter((line) => line.includes(` ${pid}#`) && line.includes('while shutting down')).length;
    await waitFor('the old workers to continue', () => before.every((pid) => !isRunning(pid) || readings(pid) >= 2));
    expect(before.some((pid) => readings(pid) >= 2)).toBe(true);
    const streams = sockets.map((socket) => readStream(socket, REVOKED));
    for (const socket of sockets) socket.write('&server=s HTTP/1.1\r\nHost: x\r\n\r\n');
    await waitFor('every stream to be open', () => streams.every(isOpen));

    rmSync(`${gate.accessDir}/keys/${REVOKED}.json`);
    await timeEnd(streams, 0);
  });

  test('that end by themselves are no longer tracked, and their connection is not closed later', async () => {
    await start(kind);
    const lines = await gate.openLines();
    const count = async () => {
      const stats = await Promise.all(lines.map((line) => line.ask('stats')));
      return stats.reduce((sum, text) => sum + Number(text.split(' ')[2]), 0);
    };
    const socket = connect({ path: gate.socket });
    const stream = readStream(socket, REVOKED);
    socket.write(`GET /stream?key=${REVOKED}&server=s HTTP/1.1\r\nHost: x\r\n\r\n`);
    await waitFor('the stream to be open', async () => isOpen(stream) && (await count()) === 1);
    for (const reply of replies) reply.end();
    await waitFor('it to be forgotten', async () => (await count()) === 0);

    // When these have ended, the loop of each worker that has one of them has checked.
    const streams = await openStreams(REVOKED, 20);
    rmSync(`${gate.accessDir}/keys/${REVOKED}.json`);
    await timeEnd(streams, 0);
    socket.write(`GET /once?key=${REVOKED}&server=s HTTP/1.1\r\nHost: x\r\n\r\n`);
    await waitFor('an answer on the same connection', () => stream.head.includes('key_missing'));

    const gone = connect({ path: gate.socket });
    const other = readStream(gone, KEPT);
    gone.write(`GET /stream?key=${KEPT}&server=s HTTP/1.1\r\nHost: x\r\n\r\n`);
    await waitFor('the other stream to be open', () => isOpen(other));
    gone.destroy();
    await waitFor('it to be forgotten too', async () => (await count()) === 0);
    for (const line of lines) line.close();
  });
});
