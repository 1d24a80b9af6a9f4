import { afterAll, beforeAll, expect, test } from 'vitest';
import { findWorkers } from '../../support/faults/observe/find-processes.ts';
import { openStream, type StandingStream } from '../../support/faults/load/open-stream.ts';
import { ask, callBody } from '../../support/nginx/ask.ts';
import { startRecordingBackend, type RecordingBackend } from '../../support/nginx/record-backend.ts';
import { startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';
import { waitFor } from '../../support/wait-for.ts';

// Tests that need the registry as well as NGINX: from the API through the access files to the backend.

const LIMIT = 12;
let backend: RecordingBackend;
let gateway: Gateway;

beforeAll(async () => {
  backend = await startRecordingBackend((request, reply) => {
    const isStream = request.method === 'GET' || request.body.includes('subscriptions/listen');
    if (!isStream) {
      reply.setHeader('Content-Type', 'application/json').end('{"jsonrpc":"2.0","id":1,"result":{}}');
      return;
    }
    reply.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': open\n\n');
  });
  gateway = await startGateway({ supervised: false, env: { CONNECTIONS_PER_ADDRESS: String(LIMIT) } });
  await gateway.register({ path: 'weather', url: `${backend.url}/mcp?who="ü"`, forwardHeaders: ['X-Tenant'] });
});
afterAll(async () => {
  await gateway.close();
  await backend.close();
});

const body = callBody('echo');
const last = () => backend.requests.at(-1);

test('a header in forwardHeaders reaches the server at the next call, and one that was removed no longer does', async () => {
  const { key } = await gateway.createAgent(['weather']);
  const headers = { 'X-Tenant': 'mine', 'X-Other': 'x' };
  const call = () => ask(gateway.url, '/weather', { key, body, headers });
  expect((await call()).status).toBe(200);
  expect(last()?.headers).toMatchObject({ 'x-tenant': 'mine' });
  expect(last()?.headers['x-other']).toBeUndefined();
  expect(last()?.url).toBe('/mcp?who=%22%C3%BC%22');

  await gateway.admin.must('PATCH', '/api/servers/weather', { forwardHeaders: ['X-Other'] });
  expect((await call()).status).toBe(200);
  expect(last()?.headers).toMatchObject({ 'x-other': 'x' });
  expect(last()?.headers['x-tenant']).toBeUndefined();
});

test('streams of a revoked key end within seconds, also in a draining worker, and no other one does', async () => {
  const one = await gateway.createAgent(['weather']);
  const other = await gateway.createAgent(['weather']);
  const listen = { jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params: {} };
  const modern = { 'MCP-Protocol-Version': '2026-07-28' };
  const openAll = () =>
    Promise.all([
      openStream(`${gateway.url}/weather/mcp`, { key: one.key }),
      openStream(`${gateway.url}/weather/mcp`, { key: one.key, body: listen, headers: modern }),
      openStream(`${gateway.url}/weather/mcp`, { key: other.key }),
    ]);
  const older = await openAll();
  await gateway.register({ path: 'another', url: `${backend.url}/another` });
  await waitFor('a worker that drains', () => findWorkers(gateway).draining.length > 0);
  const younger = await openAll();
  for (const stream of [...older, ...younger]) {
    expect(stream.status).toBe(200);
    await waitFor('its first bytes', () => stream.text() !== '');
  }
  const theirs = [older[0], older[1], younger[0], younger[1]];
  const from = performance.now();
  await gateway.admin.must('DELETE', `/api/agents/${one.name}/keys/${one.keyId}`);
  await waitFor('the streams to end', () => theirs.every((stream) => stream.ended() !== null));
  // The gate checks twice a second; the rest is for a busy machine.
  expect(performance.now() - from).toBeLessThan(5_000);
  for (const stream of [older[2], younger[2]]) {
    expect(stream.ended()).toBeNull();
    stream.leave();
  }
});

test('more concurrent requests than one address may have get 429, at the gate and at the registry', async () => {
  const { key } = await gateway.createAgent(['weather']);
  const streams: StandingStream[] = [];
  const refused = await waitFor('the limit', async () => {
    const stream = await openStream(`${gateway.url}/weather/mcp`, { key });
    streams.push(stream);
    return stream.status === 429 && stream;
  });
  expect(refused.headers).toMatchObject({ 'retry-after': '30', 'content-type': 'application/json' });
  await waitFor('its end', () => refused.ended());
  expect(JSON.parse(refused.text())).toMatchObject({
    error: {
      code: -32059,
      data: { status: 429, reason: 'too_many_connections', hint: expect.stringContaining('CONNECTIONS_PER_ADDRESS') },
    },
  });
  const answer = await ask(gateway.url, '/api/servers');
  expect(answer.status).toBe(429);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.json).toMatchObject({ status: 429, detail: 'too many requests of this address are open at once' });
  for (const stream of streams) stream.leave();
  await waitFor('a free connection', async () => (await ask(gateway.url, '/weather', { key, body })).status === 200);
});
