import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, callBody, sendRaw } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend, type RecordingBackend } from '../../../support/nginx/record-backend.ts';
import { planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';
import { waitFor } from '../../../support/wait-for.ts';

const MB = 1024 * 1024;
const BODY = Buffer.alloc(4 * MB, 'x');

// What requests without a key, or for unknown paths, can make the gateway store or log.
describe.each(NGINX_KINDS)('clients without a key at $name NGINX', (kind) => {
  let backend: RecordingBackend;
  let gate: RunningGate;
  let key: string;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    backend = await startRecordingBackend();
    gate = await startGate(kind, [{ path: 'weather', instances: [planInstance('i1', `${backend.url}/mcp`)] }]);
    key = gate.access.addAgent('bob');
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await gate.close();
    await backend.close();
  });

  /** Resident memory of the worker, in MB. */
  function measureMb(): number {
    const [worker] = readFileSync(`/proc/${gate.nginx.pid}/task/${gate.nginx.pid}/children`, 'utf8').split(' ');
    const [, kb] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${worker}/status`, 'utf8')) ?? [];
    return Number(kb) / 1024;
  }

  /** Opens a connection, sends this, and reports whether it was answered. */
  function open(bytes: (string | Buffer)[]): { answered: () => boolean } {
    const socket = connect(gate.port, '127.0.0.1');
    sockets.push(socket);
    let isAnswered = false;
    socket.on('error', () => undefined);
    socket.on('data', () => (isAnswered = true));
    for (const part of bytes) socket.write(part);
    return { answered: () => isAnswered };
  }

  test('600 incomplete requests, and 40 bodies of 4 MB without a key, take little memory of a worker', async () => {
    expect((await ask(gate.url, '/weather', { key, body: callBody('echo') })).status).toBe(200);
    const before = measureMb();
    for (let n = 0; n < 600; n += 1) open(['POST /weather HTTP/1.1\r\nHost: localhost\r\nX-Half: ']);
    const head = `POST /weather HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${BODY.length}\r\n\r\n`;
    const bodies = Array.from({ length: 40 }, () => open([head, BODY]));
    await waitFor('every reply', () => bodies.every(({ answered }) => answered()));
    expect((await ask(gate.url, '/weather', { key, body: callBody('echo') })).status).toBe(200);
    // 640 connections and their heads; the bodies alone would be 160 MB.
    expect(measureMb() - before).toBeLessThan(24);
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  test('a request that matches no route leaves no name of a server in the log', async () => {
    const paths = [
      '/nowhere/mcp',
      '/weather2',
      '/weather/mcp/x',
      '/%77eather',
      '/weather/..%2f',
      '/Weather',
      '/',
      '//weather',
    ];
    for (const path of paths) await ask(gate.url, path, { key, body: callBody('echo') });
    await sendRaw(gate.url, 'GET weather HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    await ask(gate.url, '/weather', { key, body: callBody('last') });
    const lines = await waitFor('the last line', () => {
      const all = gate.calls();
      return all.some(({ tools }) => tools[0] === 'last') && all;
    });
    const unmatched = lines.filter(({ status, server }) => status === 404 || (status === 400 && server !== 'weather'));
    expect(unmatched.length).toBeGreaterThanOrEqual(paths.length - 1);
    for (const line of unmatched) expect(line).toMatchObject({ server: null, instance: null, methods: [], tools: [] });
  });
});
