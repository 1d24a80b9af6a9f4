import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, callBody } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend, type RecordingBackend } from '../../../support/nginx/record-backend.ts';
import { planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';

/** NGINX's own timeouts are 60 s; the margin is for a busy machine. */
const LATEST_MS = 40_000;
/** Earlier, something else than the timeout of 10 s would have ended it. */
const SOONEST_MS = 3_000;

let backend: RecordingBackend;
const gates: { name: string; gate: RunningGate; key: string }[] = [];
const sockets: Socket[] = [];

beforeAll(async () => {
  backend = await startRecordingBackend();
  for (const kind of NGINX_KINDS) {
    const gate = await startGate(kind, [{ path: 'weather', instances: [planInstance('i1', `${backend.url}/mcp`)] }]);
    gates.push({ name: kind.name, gate, key: gate.access.addAgent('bob') });
  }
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  for (const { gate } of gates) await gate.close();
  await backend.close();
});

interface Ended {
  afterMs: number;
  text: string;
}

/** Sends these bytes, then `more` repeatedly, and waits until NGINX closes the connection. */
function sendPart(port: number, bytes: string, more = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const from = performance.now();
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const slowly = setInterval(() => more !== '' && socket.writable && socket.write(more), 500);
    sockets.push(socket);
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    // Writing to a closed connection is an error.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(slowly);
      resolve({ afterMs: performance.now() - from, text });
    });
  });
}

// All of them at once, since each takes as long as the timeout.
test(
  'an incomplete request is ended after 10 s, and none of it reaches a backend',
  { timeout: LATEST_MS * 2 },
  async () => {
    const body = callBody('echo');
    const ended = gates.flatMap(({ name, gate, key }) => {
      const head = `POST /weather HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\n`;
      const parts: [what: string, bytes: string, more?: string][] = [
        ['nothing', ''],
        ['half a line', 'POST /wea'],
        ['half of the headers', head],
        ['headers byte by byte', `${head}X-Slow: `, 'x'],
        ['half a body', `${head}Content-Length: ${body.length}\r\n\r\n${body.slice(0, 20)}`],
        [
          'a body without its last chunk',
          `${head}Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n`,
        ],
      ];
      return parts.map(async ([what, bytes, more]) => ({
        what: `${what}, ${name}`,
        ...(await sendPart(gate.port, bytes, more)),
      }));
    });
    for (const { gate, key } of gates) expect((await ask(gate.url, '/weather', { key, body })).status).toBe(200);
    for (const { what, afterMs, text } of await Promise.all(ended)) {
      expect(afterMs, what).toBeGreaterThan(SOONEST_MS);
      expect(afterMs, what).toBeLessThan(LATEST_MS);
      expect(text, what).not.toContain(' 200 ');
    }
    expect(backend.requests).toHaveLength(gates.length);
  },
);
