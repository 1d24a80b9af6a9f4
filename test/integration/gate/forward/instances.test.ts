import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, callBody } from '../../../support/nginx/ask.ts';
import { findFreePorts } from '../../../support/processes/free-ports.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend, type RecordingBackend } from '../../../support/nginx/record-backend.ts';
import { planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';
import { waitFor } from '../../../support/wait-for.ts';

const INITIALIZE = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} });

// Session tags and instances (docs/gate.md).
describe.each(NGINX_KINDS)('instances behind $name NGINX', (kind) => {
  let backends: RecordingBackend[];
  let gate: RunningGate;
  let key: string;
  let closed: number;

  /** A backend with sessions: creates one at initialize, repeats its id in each reply, and answers 404 for others. */
  async function startSessions(name: string, port?: number): Promise<RecordingBackend> {
    const sessions = new Set<string>();
    return startRecordingBackend((request, reply) => {
      reply.setHeader('Content-Type', 'application/json');
      const given = request.headers['mcp-session-id'];
      if (given === undefined && request.body.includes('initialize')) {
        const id = `${name}-${sessions.size}~x.y`;
        sessions.add(id);
        reply.setHeader('Mcp-Session-Id', id);
      } else if (typeof given === 'string' && sessions.has(given)) reply.setHeader('Mcp-Session-Id', given);
      else reply.statusCode = given === undefined ? 200 : 404;
      reply.end(JSON.stringify({ name, given }));
    }, port);
  }

  const putServer = (id: string, instances: [id: string, up: boolean, weight: number][]) => {
    gate.access.putServer(id, {
      instances: instances.map(([one, up, weight]) => ({ id: one, up, weight })),
    });
  };

  beforeAll(async () => {
    backends = [await startSessions('a'), await startSessions('b')];
    [closed = 0] = await findFreePorts(1);
    const [a, b] = backends.map((backend, index) => planInstance(`i${index}`, `${backend.url}/mcp`));
    const dead = planInstance('dead', `http://127.0.0.1:${closed}/mcp`);
    gate = await startGate(kind, [
      { id: 'two', path: 'two', instances: [a!, b!] },
      { id: 'half', path: 'half', instances: [dead, b!] },
      { id: 'none', path: 'none', instances: [dead, { ...dead, id: 'dead2' }] },
    ]);
    key = gate.access.addAgent('bob');
  });
  afterAll(async () => {
    await gate.close();
    for (const backend of backends) await backend.close();
  });

  const initialize = async (path = '/two') => {
    const reply = await ask(gate.url, path, { key, body: INITIALIZE });
    return { name: (reply.json as { name: string }).name, session: String(reply.headers['mcp-session-id']) };
  };

  test('new sessions are distributed to all instances that are up, by weight', async () => {
    const names: string[] = [];
    for (let i = 0; i < 40; i += 1) names.push((await initialize()).name);
    expect(new Set(names)).toEqual(new Set(['a', 'b']));
    putServer('two', [
      ['i0', true, 1],
      ['i1', true, 99],
    ]);
    const weighted: string[] = [];
    for (let i = 0; i < 60; i += 1) weighted.push((await initialize()).name);
    expect(weighted.filter((name) => name === 'b').length).toBeGreaterThan(45);
    putServer('two', [
      ['i0', true, 1],
      ['i1', false, 99],
    ]);
    for (let i = 0; i < 10; i += 1) expect((await initialize()).name).toBe('a');
    putServer('two', [
      ['i0', true, 1],
      ['i1', true, 1],
    ]);
  });

  test('a session stays at its instance, for GET, POST and DELETE, and each reply repeats the id of the client', async () => {
    for (let i = 0; i < 10; i += 1) {
      const { name, session } = await initialize();
      expect(session).toMatch(/~i[01]\.[0-9a-f]{16}$/);
      for (const method of ['POST', 'GET', 'DELETE']) {
        const reply = await ask(gate.url, '/two', {
          key,
          method,
          headers: { 'Mcp-Session-Id': session, 'Last-Event-ID': 'e1' },
          ...(method === 'POST' ? { body: callBody('x') } : {}),
        });
        expect(reply.json).toMatchObject({ name, given: session.slice(0, session.lastIndexOf('~')) });
        expect(reply.headers['mcp-session-id']).toBe(session);
      }
    }
  });

  test('a session is valid for its agent and its server only', async () => {
    const { session } = await initialize();
    const other = gate.access.addAgent('eve');
    const headers = { 'Mcp-Session-Id': session };
    expect((await ask(gate.url, '/two', { key: other, body: callBody('x'), headers })).status).toBe(404);
    expect((await ask(gate.url, '/none', { key, body: callBody('x'), headers })).status).toBe(404);
    const again = gate.access.addAgent('bob');
    expect((await ask(gate.url, '/two', { key: again, body: callBody('x'), headers })).status).toBe(200);
  });

  test('the session header is ignored in the modern protocol', async () => {
    const headers = { 'Mcp-Session-Id': 'anything', 'MCP-Protocol-Version': '2026-07-28' };
    const reply = await ask(gate.url, '/two', { key, body: callBody('x'), headers });
    expect(reply.status).toBe(200);
    expect((reply.json as { given?: string }).given).toBeUndefined();
  });

  test('after a refused connection a request is sent to the next instance, also a POST, complete and once', async () => {
    const b = backends[1]!;
    for (let i = 0; i < 12; i += 1) {
      const before = b.requests.length;
      const reply = await ask(gate.url, '/half', { key, body: callBody(`t${i}`) });
      expect(reply.json).toMatchObject({ name: 'b' });
      expect(b.requests.length).toBe(before + 1);
      expect(b.requests.at(-1)?.body).toBe(callBody(`t${i}`));
    }
    const begun = await initialize('/half');
    expect(begun.session).toContain('~i1.');
    await waitFor('the lines', () => gate.calls().filter((line) => line.server === 'half').length >= 13);
    for (const line of gate.calls().filter((one) => one.server === 'half'))
      expect(line).toMatchObject({ instance: 'i1', verdict: 'allowed', status: 200 });
    expect((await ask(gate.url, '/none', { key, body: callBody('x') })).json).toMatchObject({
      error: { data: { status: 503, reason: 'unreachable' } },
    });
  });

  test('a session of an unreachable instance is not moved; when the instance is marked as down it gets 404, so that the client initialises again', async () => {
    const { name, session } = await initialize();
    const index = name === 'a' ? 0 : 1;
    const headers = { 'Mcp-Session-Id': session };
    await backends[index]!.close();
    try {
      const away = await ask(gate.url, '/two', { key, body: callBody('x'), headers });
      expect(away.json).toMatchObject({ error: { data: { status: 503, reason: 'unreachable' } } });
      putServer('two', [
        ['i0', index !== 0, 1],
        ['i1', index !== 1, 1],
      ]);
      expect((await ask(gate.url, '/two', { key, body: callBody('x'), headers })).status).toBe(404);
      expect((await initialize()).name).not.toBe(name);
    } finally {
      backends[index] = await startSessions(name, backends[index]!.port);
    }
    putServer('two', [
      ['i0', true, 1],
      ['i1', true, 1],
    ]);
    // After its restart it has lost its sessions: its own 404 is passed on, so the client initialises again.
    const forgotten = await ask(gate.url, '/two', { key, body: callBody('x'), headers });
    expect(forgotten).toMatchObject({ status: 404, json: { name } });
  });

  test('adding and removing an instance affects no session of another', async () => {
    const sessions = [await initialize(), await initialize(), await initialize(), await initialize()];
    putServer('two', [['i0', true, 1]]);
    for (const { name, session } of sessions) {
      const reply = await ask(gate.url, '/two', { key, body: callBody('x'), headers: { 'Mcp-Session-Id': session } });
      expect(reply.status).toBe(name === 'a' ? 200 : 404);
    }
    // An instance that the registry knows but that is not published yet is not chosen.
    putServer('two', [
      ['i0', true, 1],
      ['new', true, 1000],
    ]);
    for (let i = 0; i < 10; i += 1) expect((await initialize()).name).toBe('a');
  });
});
