import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFreePorts } from '../../../support/processes/free-ports.ts';
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

const LIST = JSON.stringify({ jsonrpc: '2.0', id: 1, result: { tools: [{ name: 'get_a' }, { name: 'drop_a' }] } });
const ASK = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
const TIMEOUTS = { connectMs: 5_000, readMs: 86_400_000, sendMs: 60_000 };

describe.each(NGINX_KINDS)('filtered lists through $name NGINX', (kind) => {
  let backend: RecordingBackend;
  let gate: RunningGate;
  let key: string;
  let down: number;

  beforeAll(async () => {
    backend = await startRecordingBackend((_request, reply) => {
      reply.setHeader('Content-Type', 'application/json');
      reply.end(LIST);
    });
    down = (await findFreePorts(1))[0] ?? 0;
    const named = (host: string) =>
      planInstance('i1', null, { mcp: planEndpoint(`${backend.url}/named/mcp`, { host }) });
    const plain = planInstance('i1', `${backend.url}/plain/mcp`);
    const servers: GateServer[] = [
      { path: 'plain', instances: [plain] },
      { path: 'other', instances: [named('other.test:81')] },
      { path: 'query', instances: [{ ...plain, hasQuery: true }] },
      { path: 'timeouts', instances: [plain], timeouts: { ...TIMEOUTS, readMs: 5_000 } },
      { path: 'public', instances: [plain], hostMode: 'public' },
      {
        path: 'two',
        instances: [planInstance('i1', `http://127.0.0.1:${down}/mcp`), { ...named('second.test'), id: 'i2' }],
      },
    ];
    gate = await startGate(kind, servers);
    gate.access.putServer('s2', { instances: [{ id: 'i1', up: true, query: 'k=secret' }] });
    key = gate.access.addAgent('narrow', { grants: servers.map(({ path }) => ({ server: path, tools: ['get_*'] })) });
  });
  afterAll(async () => {
    await gate.close();
    await backend.close();
  });

  test.each([
    ['plain', '/plain/mcp', () => new URL(backend.url).host],
    ['other', '/named/mcp', () => 'other.test:81'],
    ['query', '/plain/mcp?k=secret', () => new URL(backend.url).host],
    ['timeouts', '/plain/mcp', () => new URL(backend.url).host],
    ['public', '/plain/mcp', () => new URL(gate.url).host],
  ])('the list of %s is requested at its own address, with its own Host, and is filtered', async (path, url, host) => {
    const reply = await ask(gate.url, `/${path}`, { key, body: ASK });
    expect(reply.json).toEqual({ jsonrpc: '2.0', id: 1, result: { tools: [{ name: 'get_a' }] } });
    const sent = backend.requests.at(-1);
    expect([sent?.url, sent?.headers.host]).toEqual([url, host()]);
  });

  test('a list is requested from the next instance when one is down', async () => {
    // Whichever instance is chosen first.
    for (let turn = 0; turn < 12; turn += 1) {
      const reply = await ask(gate.url, '/two', { key, body: ASK });
      expect(reply.json).toEqual({ jsonrpc: '2.0', id: 1, result: { tools: [{ name: 'get_a' }] } });
      expect(backend.requests.at(-1)?.headers.host).toBe('second.test');
    }
  });

  test('no client can reach the internal location', async () => {
    const before = backend.requests.length;
    for (const path of ['/upstream/s0/i1/mcp/lists', 'upstream/s0/i1/mcp/lists'])
      expect((await ask(gate.url, path, { key, body: ASK })).status).toBeGreaterThanOrEqual(400);
    expect(backend.requests.length).toBe(before);
  });
});
