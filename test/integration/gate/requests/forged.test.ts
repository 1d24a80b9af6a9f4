import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { CALL_LOG_MEMBERS } from '../../../../registry/contract/gate/call-log.ts';
import { ask, callBody } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend, type RecordingBackend } from '../../../support/nginx/record-backend.ts';
import { planEndpoint, planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';
import { waitFor } from '../../../support/wait-for.ts';

describe.each(NGINX_KINDS)('forged requests to $name NGINX', (kind) => {
  let backend: RecordingBackend;
  let gate: RunningGate;
  let ann: string;
  let bob: string;
  beforeAll(async () => {
    backend = await startRecordingBackend((request, reply) => {
      if (request.method === 'GET') {
        reply.writeHead(200, { 'Content-Type': 'text/event-stream' });
        reply.write('event: endpoint\ndata: /message?sessionId=1\n\n');
        return;
      }
      reply.setHeader('Mcp-Session-Id', 'abc');
      reply.setHeader('Content-Type', 'application/json');
      reply.end('{"jsonrpc":"2.0","id":1,"result":{}}');
    });
    const url = `${backend.url}/mcp`;
    const sse = { sse: planEndpoint(`${backend.url}/sse`) };
    gate = await startGate(kind, [
      { path: 'weather', instances: [planInstance('i1', url, sse), planInstance('i2', url, sse)] },
      { path: 'other', instances: [planInstance('i1', url, sse)] },
    ]);
    [ann, bob] = [gate.access.addAgent('ann'), gate.access.addAgent('bob')];
  });
  afterAll(async () => {
    await gate.close();
    await backend.close();
  });

  /** Whether a forged request reached a backend; otherwise it is answered as an unknown session. */
  async function isKnown(path: string, key: string, headers: Record<string, string> = {}): Promise<boolean> {
    const before = backend.requests.length;
    const reply = await ask(gate.url, path, { key, headers, body: callBody('look') });
    if (reply.status === 200) return true;
    expect(reply.status).toBe(404);
    expect(backend.requests.length).toBe(before);
    return false;
  }

  test('nothing that a client sends breaks a line of the log, or adds a member to it', async () => {
    const odd = [
      '"',
      '\\',
      '\\"',
      '","agent":"root',
      '\r\n{"agent":"root"}',
      '\n',
      '\u0000',
      '\u001b[2J',
      '\u2028',
      '\u202e',
      '\ud800',
      '}{',
      '$remote_addr',
      '%22',
      'ü',
    ];
    const file = () => readFileSync(join(gate.folders.logDir, 'calls.log'), 'utf8').split('\n');
    const before = file().length;
    let sent = 0;
    for (const text of odd) {
      const names = JSON.stringify(text);
      const bodies = [
        `{"jsonrpc":"2.0","id":${names},"method":"tools/call","params":{"name":${names}}}`,
        `{"jsonrpc":"2.0","id":1,"method":${names}}`,
        `[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":${names}}]`,
      ];
      for (const body of bodies) {
        await ask(gate.url, '/weather', { key: ann, body });
        sent += 1;
      }
      const plain = text.replace(/[^\u0020-\u007e]/g, '_');
      const headers = {
        'User-Agent': plain,
        traceparent: plain,
        'Mcp-Session-Id': plain,
        'Mcp-Protocol-Version': plain,
      };
      await ask(gate.url, `/weather/${encodeURIComponent(plain)}`, { key: ann, headers });
      await ask(gate.url, '/weather', { key: ann, headers, body: callBody('look') });
      await ask(gate.url, '/weather', { key: plain, headers, body: callBody('look') });
      sent += 3;
    }
    const lines = await waitFor('all lines', () => {
      const found = file();
      return found.length >= before + sent && found.slice(before - 1, -1);
    });
    expect(lines).toHaveLength(sent);
    const isWritten = (read: object) => (member: (typeof CALL_LOG_MEMBERS)[number]) =>
      !('optional' in member) || member.name in read;
    for (const line of lines) {
      expect(line).not.toMatch(/[\u0000-\u001f\u007f]/);
      // A member that is written twice would be parsed as one.
      expect(line.match(/"agent":/g), line).toHaveLength(1);
      const read = JSON.parse(line) as Record<string, unknown>;
      expect(Object.keys(read)).toEqual(CALL_LOG_MEMBERS.filter(isWritten(read)).map(({ name }) => name));
      expect([null, 'ann']).toContain(read['agent']);
    }
  });

  test('a session tag is valid only unchanged, for its agent and its instance', async () => {
    const opened = await ask(gate.url, '/weather', { key: ann, body: callBody('look') });
    const tag = String(opened.headers['mcp-session-id']);
    const [, instance = ''] = /~(i[12])\.[0-9a-f]{16}$/.exec(tag) ?? [];
    const send = (id: string, key = ann, path = '/weather') => isKnown(path, key, { 'Mcp-Session-Id': id });
    expect(await send(tag)).toBe(true);
    expect(await send(tag, bob)).toBe(false);
    const elsewhere = instance === 'i1' ? 'i2' : 'i1';
    for (const forged of [
      tag.replace(`~${instance}.`, `~${elsewhere}.`),
      tag.replace('abc~', 'abd~'),
      tag.replace('abc~', 'ABC~'),
      tag.toUpperCase(),
      tag.slice(0, -1),
      `${tag}0`,
      `${tag.slice(0, -1)}${tag.endsWith('0') ? '1' : '0'}`,
      tag.replace(/[0-9a-f]{16}$/, ''),
      tag.replace(/~.*/, ''),
      tag.replace('abc', ''),
      `${tag}~${tag}`,
      `abc~${tag}`,
      'abc',
      '~i1.0000000000000000',
      `abc~${instance}.0000000000000000`,
    ])
      expect(await send(forged), forged).toBe(false);
    // A tag with an unknown instance, at another server.
    expect(await send(tag.replace(`~${instance}.`, '~i3.'), ann, '/other')).toBe(false);
  });

  /** The message URL that an agent receives. */
  function openStream(key: string): Promise<{ url: string; leave: () => void }> {
    const { hostname, port } = new URL(gate.url);
    return new Promise((resolve, reject) => {
      let text = '';
      const socket = connect(Number(port), hostname, () =>
        socket.write(`GET /weather/sse HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\n\r\n`),
      );
      socket.on('error', reject);
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        const found = /data: (\S+)/.exec(text);
        if (found?.[1] !== undefined) resolve({ url: found[1], leave: () => socket.destroy() });
      });
    });
  }

  test('the URL of legacy messages is valid only unchanged, for its agent and its instance', async () => {
    const { url, leave } = await openStream(ann);
    try {
      const path = new URL(url, gate.url).pathname + new URL(url, gate.url).search;
      expect(await isKnown(path, ann)).toBe(true);
      expect(await isKnown(path, bob)).toBe(false);
      const [, instance = ''] = /mcpgw=(i[12])\./.exec(path) ?? [];
      const elsewhere = instance === 'i1' ? 'i2' : 'i1';
      for (const forged of [
        path.replace(`mcpgw=${instance}`, `mcpgw=${elsewhere}`),
        path.replace('sessionId=1', 'sessionId=2'),
        path.replace('sessionId', 'SessionId'),
        path.replace('/-/message', '/-/admin'),
        path.replace('/-/message', '/-/message/'),
        path.replace('?', '?admin=1&'),
        `${path}&admin=1`,
        path.slice(0, -1),
        path.replace(/[0-9a-f]{16}$/, (digits) => digits.toUpperCase().replace(/^[0-9]/, 'F')),
        path.replace(/mcpgw=.*/, ''),
        path.replace('mcpgw=', 'MCPGW='),
        path.replace('/weather/', '/other/').replace(`mcpgw=${instance}`, 'mcpgw=i9'),
      ])
        expect(await isKnown(forged, ann), forged).toBe(false);
    } finally {
      leave();
    }
  });
});
