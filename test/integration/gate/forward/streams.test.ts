import { readFileSync } from 'node:fs';
import { Agent, request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, callBody } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend, type RecordingBackend } from '../../../support/nginx/record-backend.ts';
import { planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';
import { waitFor } from '../../../support/wait-for.ts';

/** Opens a request whose reply is a stream. */
function open(
  base: string,
  path: string,
  key: string,
  body?: string,
  headers: Record<string, string> = {},
  agent: Agent | false = false,
) {
  const { hostname, port } = new URL(base);
  const method = body === undefined ? 'GET' : 'POST';
  const sent = request({
    hostname,
    port,
    path,
    method,
    agent,
    headers: { Authorization: `Bearer ${key}`, Accept: 'text/event-stream', ...headers },
  });
  const reply = new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve);
    sent.on('error', reject);
  });
  sent.end(body);
  return { sent, reply };
}

describe.each(NGINX_KINDS)('streams through $name NGINX', (kind) => {
  let backend: RecordingBackend;
  let gate: RunningGate;
  let key: string;
  let release = () => {};
  const ended: string[] = [];

  beforeAll(async () => {
    backend = await startRecordingBackend((recorded, reply, raw) => {
      raw.socket.on('close', () => ended.push(recorded.body));
      if (recorded.url === '/big') {
        reply.setHeader('Content-Type', 'application/json');
        reply.end(JSON.stringify({ text: 'z'.repeat(8_000_000) }));
        return;
      }
      if (recorded.url === '/die') {
        reply.writeHead(200, { 'Content-Type': 'text/event-stream' });
        reply.write('data: 1\n\n');
        setTimeout(() => raw.socket.destroy(), 50);
        return;
      }
      if (recorded.url === '/reset') {
        raw.socket.destroy();
        return;
      }
      if (recorded.url === '/refusing') {
        reply.writeHead(401).end();
        return;
      }
      if (recorded.url === '/garbage') {
        raw.socket.end('NOT HTTP AT ALL\r\n\r\n');
        return;
      }
      // No X-Accel-Buffering: what SDK servers send would hide a proxy that buffers.
      reply.writeHead(200, { 'Content-Type': 'text/event-stream' });
      reply.write('data: first\n\n');
      release = () => reply.write('data: second\n\n');
    });
    gate = await startGate(kind, [
      { path: 'tick', instances: [planInstance('i1', `${backend.url}/tick`)] },
      { path: 'big', instances: [planInstance('i1', `${backend.url}/big`)] },
      { path: 'die', instances: [planInstance('i1', `${backend.url}/die`)] },
      { path: 'reset', instances: [planInstance('i1', `${backend.url}/reset`)] },
      { path: 'refusing', instances: [planInstance('i1', `${backend.url}/refusing`)] },
      { path: 'garbage', instances: [planInstance('i1', `${backend.url}/garbage`)] },
      {
        path: 'hang',
        instances: [planInstance('i1', `${backend.url}/hang`)],
        timeouts: { connectMs: 300, readMs: 1_000, sendMs: 1_000 },
      },
    ]);
    key = gate.access.addAgent('bob');
  });
  afterAll(async () => {
    await gate.close();
    await backend.close();
  });

  test('a stream that could not be opened is no longer tracked, because its connection may serve another one', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const eight = Array.from({ length: 8 }, (_, n) => n);
    const revoked = gate.access.addAgent('eve');
    const failed = eight.map(
      (n) => open(gate.url, n % 2 ? '/reset' : '/refusing', revoked, undefined, {}, agent).reply,
    );
    for (const reply of await Promise.all(failed)) {
      expect(reply.statusCode).toBe(503);
      for await (const _ of reply);
    }
    const kept = eight.map(() => open(gate.url, '/tick', key, undefined, {}, agent));
    let cut = 0;
    for (const { reply } of kept)
      (await reply)
        .on('error', () => undefined)
        .on('close', () => (cut += 1))
        .resume();
    // Two streams are cut one after the other, so that every other one is checked in between.
    for (const witness of [revoked, gate.access.addAgent('mallory')]) {
      const stream = (await open(gate.url, '/tick', witness).reply).on('error', () => undefined).resume();
      const ending = new Promise((resolve) => stream.on('close', resolve));
      gate.access.revoke(witness);
      await ending;
    }
    expect(cut).toBe(0);
    for (const { sent } of kept) sent.destroy();
    agent.destroy();
  });

  test.each([['GET', undefined] as const, ['POST', callBody('slow')] as const])(
    'each event of a %s stream arrives as soon as it is sent',
    async (_method, body) => {
      const { sent, reply } = open(gate.url, '/tick', key, body);
      const stream = await reply;
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      await waitFor('the first event', () => text === 'data: first\n\n');
      release();
      await waitFor('the second event', () => text === 'data: first\n\ndata: second\n\n');
      sent.destroy();
    },
  );

  test('when a key is revoked, its calls in progress finish and its streams are closed', async () => {
    const revoked = gate.access.addAgent('carol');
    const stream = (await open(gate.url, '/tick', revoked).reply).on('error', () => undefined).resume();
    const shut = new Promise((resolve) => stream.on('close', resolve));
    const { sent, reply } = open(gate.url, '/tick', revoked, callBody('under-way'));
    let text = '';
    (await reply).on('data', (chunk: Buffer) => (text += chunk.toString()));
    await waitFor('the first event', () => text !== '');
    gate.access.revoke(revoked);
    await shut;
    release();
    await waitFor('the second event', () => text.includes('second'));
    sent.destroy();
  });

  test('a disconnect of the client reaches the backend', async () => {
    const body = callBody('left-alone');
    const { sent, reply } = open(gate.url, '/tick', key, body);
    (await reply).resume();
    expect(ended).not.toContain(body);
    sent.destroy();
    await waitFor('the disconnect at the backend', () => ended.includes(body));
    await waitFor('the line', () => gate.calls().some((line) => line.tools[0] === 'left-alone'));
  });

  test('a stream survives a reload', async () => {
    const { sent, reply } = open(gate.url, '/tick', key);
    let text = '';
    (await reply).on('data', (chunk: Buffer) => (text += chunk.toString()));
    await waitFor('the first event', () => text !== '');
    const { pid } = gate.nginx;
    const listChildren = () => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    const older = listChildren();
    process.kill(pid, 'SIGHUP');
    await waitFor('new workers', () => listChildren().some((worker) => !older.includes(worker)));
    release();
    await waitFor('the second event', () => text.includes('second'));
    sent.destroy();
  });

  test('8 MB arrive complete', async () => {
    const reply = await ask(gate.url, '/big', { key, body: callBody('big') });
    expect(reply.status).toBe(200);
    expect(reply.text.length).toBe(8_000_011);
  });

  test('a reply that a backend breaks off in the middle breaks off at the client, and nothing is added', async () => {
    await expect(ask(gate.url, '/die', { key, body: callBody('x') })).rejects.toThrow(/aborted|hang up|ECONNRESET/);
  });

  test('a reset by the backend is answered with 503, and the request is sent once', async () => {
    const before = backend.requests.length;
    const reply = await ask(gate.url, '/reset', { key, body: callBody('x', 5) });
    expect(reply.json).toMatchObject({ id: 5, error: { code: -32055, data: { status: 503, reason: 'broken_reply' } } });
    expect(backend.requests.length).toBe(before + 1);
  });

  test('bytes of a backend that are not HTTP are never accepted as a reply', async () => {
    // NGINX before 1.29 reads it as HTTP/0.9 and forwards it unchanged, so the client's own parser refuses it.
    const garbage = ask(gate.url, '/garbage', { key, body: callBody('x') });
    const outcome = await garbage.then(
      (reply) => reply.status,
      (error: unknown) => (error as { code?: string }).code,
    );
    expect([503, 'HPE_INVALID_CONSTANT', 'ECONNRESET']).toContain(outcome);
  });

  test('a stream that is silent for longer than the timeout of its server is ended, others are not', async () => {
    const { reply } = open(gate.url, '/hang', key);
    const stream = await reply;
    stream.resume();
    const how = await new Promise((resolve) => {
      stream.on('end', () => resolve('end'));
      stream.on('error', () => resolve('error'));
      stream.on('aborted', () => resolve('aborted'));
    });
    expect(['error', 'aborted']).toContain(how);
  });
});
