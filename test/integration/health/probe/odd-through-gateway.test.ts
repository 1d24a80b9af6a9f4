/* eslint-disable @typescript-eslint/no-deprecated -- the transport of such servers is the legacy one */
import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type Gateway } from '../../../support/gateway/start-gateway.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { startHttp, startTcp, type Backend } from '../backends.ts';
import { answer, mcp, only, sse, type Message } from './odd/odd-case.ts';

// Agents can call the endpoints that the probe finds: servers that do something unusual, through the gateway.
let gateway: Gateway;
let key: string;
const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  gateway = await startGateway({ supervised: false });
  ends.push(() => gateway.close());
  key = (await gateway.createAgent(['*'])).key;
}, 60_000);
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

async function use(starting: Promise<Backend>): Promise<Backend> {
  const backend = await starting;
  ends.push(() => backend.close());
  return backend;
}

const init = () => ({ requestInit: { headers: { authorization: `Bearer ${key}` } } });

async function listTools(transport: SSEClientTransport | StreamableHTTPClientTransport): Promise<string[]> {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  const { tools } = await client.listTools();
  await client.close();
  return tools.map(({ name }) => name);
}
const callOverHttp = (path: string) =>
  listTools(new StreamableHTTPClientTransport(new URL(`${gateway.url}/${path}/mcp`), init()));
// Retried, because fetch may use a connection that the preceding reload has just closed.
const overSse = (path: string) =>
  waitFor(`${path} over SSE`, () => listTools(new SSEClientTransport(new URL(`${gateway.url}/${path}/sse`), init())));
const overHttp = (path: string) => waitFor(`${path} over HTTP`, () => callOverHttp(path));

async function lastGeneration(): Promise<number> {
  const { items } = await gateway.admin.must<{ items: { number: number }[] }>('GET', '/api/generations?limit=1');
  return items[0]?.number ?? 0;
}

const inPath = (url: string) => /^\/mcp_server\/messages\/(\w+)$/.exec(url)?.[1] ?? null;
const inQuery = (url: string) => new URL(url, 'http://x').searchParams.get('sessionId');

test.each([
  ['a session in the path', 'in-path', sse((session) => `/mcp_server/messages/${session}`, inPath)],
  ['an endpoint event of a query only', 'in-query', sse((session) => `?sessionId=${session}`, inQuery)],
  [
    'an endpoint event of an inner origin',
    'inner',
    sse((session) => `http://0.0.0.0:8000/m?sessionId=${session}`, inQuery),
  ],
])('%s: an SDK client can call it, and a further check publishes nothing', async (_name, path, serve) => {
  const backend = await use(startHttp(serve));
  const change = await gateway.register({ path, url: `${backend.url}/sse` });
  expect(change).toMatchObject({ applied: true, health: 'healthy' });
  expect(await overSse(path)).toEqual(['echo']);
  const before = await lastGeneration();
  for (let round = 0; round < 3; round += 1) await gateway.admin.must('POST', `/api/servers/${path}/refresh`);
  expect(await lastGeneration()).toBe(before);
  expect(await overSse(path)).toEqual(['echo']);
});

/** A server of HTTP/1.0: no length, and the connection ends with the reply. */
function startHttp10(): Promise<Backend> {
  return startTcp((socket) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
      const [head = '', body] = text.split('\r\n\r\n');
      const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
      if (body === undefined || body.length < length) return;
      const message = body === '' ? undefined : (JSON.parse(body) as Message);
      if (message?.id === undefined) {
        socket.end(`HTTP/1.0 ${message === undefined ? '405 No' : '202 Accepted'}\r\n\r\n`);
        return;
      }
      const reply = JSON.stringify({ jsonrpc: '2.0', id: message.id, ...answer(message) });
      socket.end(`HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n${reply}`);
    });
  });
}

/** Rewrites the replies of a server. */
function rewriting(change: (body: string) => { headers: Record<string, string>; body: Buffer }): RequestListener {
  const plain = createServer(mcp()).listen(0, '127.0.0.1');
  ends.push(() => once(plain.close(), 'close'));
  return (request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { port } = plain.address() as AddressInfo;
      const reply = await fetch(`http://127.0.0.1:${port}/`, {
        method: request.method ?? 'GET',
        ...(request.method === 'POST' ? { body: Buffer.concat(chunks) } : {}),
      });
      const { headers, body } = change(await reply.text());
      const type = reply.headers.get('content-type') ?? 'text/plain';
      response.writeHead(reply.status, { 'content-type': type, ...headers }).end(body);
    })();
  };
}

test.each([
  ['HTTP/1.0', 'http10', () => startHttp10()],
  [
    'gzip',
    'gzip',
    () => startHttp(rewriting((body) => ({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(body) }))),
  ],
  [
    'an offer to upgrade to h2c',
    'h2c',
    () =>
      startHttp(rewriting((body) => ({ headers: { upgrade: 'h2c', connection: 'Upgrade' }, body: Buffer.from(body) }))),
  ],
])('%s: healthy, and an SDK client can call it', async (_name, path, start) => {
  const backend = await use(start());
  expect(await gateway.register({ path, url: `${backend.url}/mcp` })).toMatchObject({ health: 'healthy' });
  expect(await overHttp(path)).toEqual(['echo']);
});

test('a path with a space and a query beyond ASCII reach the server as registered', async () => {
  const seen = new Set<string | undefined>();
  const serve = only(['/my%20tools/mcp'], mcp());
  const backend = await use(
    startHttp((request, response) => {
      if (request.url?.startsWith('/my%20tools/mcp')) seen.add(request.url);
      serve(request, response);
    }),
  );
  const url = `${backend.url}/my%20tools/mcp?ort=zürich`;
  expect(await gateway.register({ path: 'spaced', url })).toMatchObject({ health: 'healthy' });
  expect(await overHttp('spaced')).toEqual(['echo']);
  expect([...seen]).toEqual(['/my%20tools/mcp?ort=z%C3%BCrich']);
});

test('a 421 is explained, and passed on to an agent unchanged', async () => {
  const serve = mcp();
  const backend = await use(
    startHttp((request, response) => {
      if (request.headers.host?.startsWith('localhost')) serve(request, response);
      else response.writeHead(421, { 'content-type': 'text/plain' }).end('Invalid Host header');
    }),
  );
  const change = await gateway.register({ path: 'hosted', url: `${backend.url}/mcp` });
  expect(change).toMatchObject({ health: 'unhealthy', error: expect.stringMatching(/HTTP 421/) as string });
  await waitFor('the answer of the server', async () => {
    await expect(callOverHttp('hosted')).rejects.toThrow(/421|Invalid Host/);
    return true;
  });
});
