/* eslint-disable @typescript-eslint/no-deprecated -- the legacy transport is what is tested here */
import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend, type RecordingBackend } from '../../../support/nginx/record-backend.ts';
import {
  planEndpoint,
  planInstance,
  startGate,
  type GateServer,
  type RunningGate,
} from '../../../support/nginx/start-gate.ts';
import { waitFor } from '../../../support/wait-for.ts';

interface Form {
  path: string;
  /** Beginning of the backend's stream; `{url}` is its own origin. */
  start: string;
  /** URL of its messages, with the query. */
  message: string;
}

const FORMS: Form[] = [
  { path: 'root', start: 'event: endpoint\ndata: /message?sessionId=1\n\n', message: '/message?sessionId=1' },
  { path: 'crlf', start: 'event: endpoint\r\ndata: /message?sessionId=1\r\n\r\n', message: '/message?sessionId=1' },
  { path: 'tight', start: 'event:endpoint\ndata:/messages/?session_id=1\n\n', message: '/messages/?session_id=1' },
  {
    path: 'comment',
    start: ': welcome\n\nevent: endpoint\ndata: /message?sessionId=1\n\n',
    message: '/message?sessionId=1',
  },
  {
    path: 'relative',
    start: 'event: endpoint\ndata: message?sessionId=1\n\n',
    message: '/relative/api/message?sessionId=1',
  },
  { path: 'query', start: 'event: endpoint\ndata: ?sessionId=1\n\n', message: '/query/api/sse?sessionId=1' },
  { path: 'absolute', start: 'event: endpoint\ndata: {url}/message?sessionId=1\n\n', message: '/message?sessionId=1' },
  {
    path: 'inner',
    start: 'event: endpoint\ndata: http://0.0.0.0:8000/message?sessionId=1\n\n',
    message: '/message?sessionId=1',
  },
  { path: 'session', start: 'event: endpoint\ndata: /messages/0a%2F1f\n\n', message: '/messages/0a%2F1f' },
  { path: 'plain', start: 'event: endpoint\ndata: /message\n\n', message: '/message' },
];
const LATER = 'event: message\ndata: /message?sessionId=1\n\ndata: / and data: /message\n\n';

describe.each(NGINX_KINDS)('legacy SSE through $name NGINX', (kind) => {
  let backend: RecordingBackend;
  let gate: RunningGate;
  let key: string;
  const open: ServerResponse[] = [];

  beforeAll(async () => {
    backend = await startRecordingBackend((request, reply) => {
      const form = FORMS.find(({ path }) => request.url.startsWith(`/${path}/api/sse`));
      if (request.method === 'POST') {
        reply.writeHead(202).end('Accepted');
        return;
      }
      reply.writeHead(200, { 'Content-Type': 'text/event-stream' });
      open.push(reply);
      const text = (form?.start ?? '').replace('{url}', backend.url) + LATER;
      // Split anywhere, each piece in a separate packet.
      const pieces = text.match(/[\s\S]{1,7}/g) ?? [];
      const write = () => {
        const piece = pieces.shift();
        if (piece === undefined) return;
        reply.write(piece, () => setImmediate(write));
      };
      write();
    });
    const servers = FORMS.map(({ path }): GateServer => ({
      path,
      id: path,
      instances: [planInstance('i1', null, { sse: planEndpoint(`${backend.url}/${path}/api/sse`) })],
    }));
    gate = await startGate(kind, servers);
    key = gate.access.addAgent('bob');
  });
  afterAll(async () => {
    for (const reply of open) reply.destroy();
    await gate.close();
    await backend.close();
  });

  async function readUntil(path: string, end: string, as = key): Promise<{ text: string; close: () => void }> {
    const reply = await new Promise<IncomingMessage>((resolve, reject) => {
      get(`${gate.url}${path}`, { headers: { Authorization: `Bearer ${as}` }, agent: false }, resolve).on(
        'error',
        reject,
      );
    });
    let text = '';
    reply.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await waitFor('the stream', () => text.includes(end) || reply.statusCode !== 200);
    expect(reply.statusCode, text).toBe(200);
    return { text, close: () => reply.destroy() };
  }

  test.each(FORMS)(
    '$path: only the endpoint is rewritten, and messages reach only the URL of the endpoint',
    async (form) => {
      const { text, close } = await readUntil(`/${form.path}/sse`, 'data: / and data: /message\n\n');
      const [place = '', query] = form.message.split('?');
      const rest = place.slice(1);
      const end = form.start.includes('\r') ? '\r\n' : '\n';
      const signed = `/${form.path}/sse/-/${rest}?${query === undefined ? '' : `${query}&`}mcpgw=TAG`;
      const expected = `event: endpoint${end}data: ${signed}${end}${end}${end === '\n' ? '' : '\n'}`;
      expect(text.replace(/mcpgw=i1\.[0-9a-f]{16}/, 'mcpgw=TAG')).toBe(expected + LATER);
      const url = /data: ?(\/\S+mcpgw=\S+)/.exec(text)?.[1] ?? '';
      const body = '{"jsonrpc":"2.0","id":1,"method":"ping"}';
      expect((await ask(gate.url, url, { key, body })).status).toBe(202);
      const sent = backend.requests.at(-1);
      expect(sent?.url).toBe(form.message);
      expect(sent?.headers).not.toHaveProperty('mcp-session-id');
      const count = backend.requests.length;
      const eve = gate.access.addAgent('eve');
      for (const [target, as] of [
        [url, eve],
        [url.replace('=1', '=2'), query === undefined ? eve : key],
        [url.replace('/-/', '/-/x'), key],
        [url.replace(/mcpgw=.*/, ''), key],
        [`/${form.path}/sse/-/`, key],
        [`/${form.path}/sse/-/../../admin`, key],
      ] as const)
        expect((await ask(gate.url, target, { key: as, body })).status, target).toBe(404);
      expect((await ask(gate.url, url, { key, method: 'GET' })).status).toBe(405);
      const some = await ask(gate.url, url, { key, body: '{"a":1,"a":1}' });
      expect(some.json).toMatchObject({ error: { data: { reason: 'key_twice' } } });
      expect(backend.requests.length).toBe(count);
      close();
    },
  );

  test('an SSE-only server answers at the URL that http-then-sse clients try first', async () => {
    for (const path of ['/root', '/root/mcp']) {
      const post = await ask(gate.url, path, { key, body: '{"jsonrpc":"2.0","id":1,"method":"initialize"}' });
      expect(post.status).toBe(405);
      expect(post.headers.allow).toContain('GET');
      expect(post.json).toMatchObject({
        id: 1,
        error: {
          code: -32058,
          data: { reason: 'method_not_allowed', hint: expect.stringContaining('use GET /root/sse') as string },
        },
      });
      const { text, close } = await readUntil(path, 'mcpgw=');
      expect(text).toContain('/root/sse/-/message?sessionId=1&mcpgw=');
      close();
    }
    expect((await ask(gate.url, '/root/sse', { key, body: '{}' })).status).toBe(405);
  });
});

describe('legacy SSE with a client of the SDK', () => {
  test('tools of two real servers are called at the same time', async () => {
    const { startSseServer } = await import('../../../support/nginx/start-sse-server.ts');
    const one = await startSseServer('one');
    const two = await startSseServer('two');
    const plan = (url: string) => [
      planInstance('i1', null, {
        sse: planEndpoint(`${url}/sse`),
      }),
    ];
    const gate = await startGate(NGINX_KINDS[0]!, [
      { path: 'one', instances: plan(one.url) },
      { path: 'two', instances: plan(two.url) },
    ]);
    try {
      const key = gate.access.addAgent('bob');
      const clients = await Promise.all(
        ['one', 'two'].map(async (path) => {
          const client = new Client({ name: 'test', version: '1' });
          const headers = { Authorization: `Bearer ${key}` };
          await client.connect(
            new SSEClientTransport(new URL(`${gate.url}/${path}/sse`), { requestInit: { headers } }),
          );
          return client;
        }),
      );
      for (const [index, name] of ['one', 'two'].entries()) {
        const result = await clients[index]!.callTool({ name: 'who', arguments: {} });
        expect(result.content).toEqual([{ type: 'text', text: name }]);
      }
      for (const client of clients) await client.close();
    } finally {
      await gate.close();
      await one.close();
      await two.close();
    }
  });
});
