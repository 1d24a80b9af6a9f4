import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAccessFolder, type AccessFolder } from '../../test/support/nginx/access-folder.ts';
import { arbitraryCall, CALL } from '../../test/support/nginx/arbitrary-call.ts';
import { decide } from './decide.ts';
import type { GateRequest } from './njs.d.ts';
import { passOrdinary } from './pass-ordinary.ts';
import { tagSession } from './session.ts';

// What the short way lets pass, the whole gate lets pass to the same place with the same notes; what it cannot judge changes nothing of the
// whole gate's answer. NGINX's part (its maps, how njs gives a body) is written out here; test/integration/gate asks the real one.

const PUBLISHED = new Map(
  [
    ['weather', 's1|m|i1:m|weather'],
    ['two', 's2|ms|i1:ms|i2:m|two'],
    ['off', 's3|m|i1:m|off'],
    ['aside', 's4||aside'],
    ['sse', 's5|sp|i1:sp|sse'],
    ['mcpgw', 's6|m|i1:m|mcpgw'],
    ['gone', 's7|m|i1:m|gone'],
    ['pinned', 's8|m|i1:m|pinned'],
  ].map(([path = '', value = '']) => [path, value]),
);

let folder: string;
let access: AccessFolder;
const keys: Record<string, string> = {};
const sessions: string[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-gate-'));
  for (const name of ['keys', 'servers']) mkdirSync(join(folder, name));
  Object.assign(globalThis, { GATE_SETTINGS: { accessDir: `${folder}/`, accessVersion: 2 } });
  access = createAccessFolder(folder);
  const up = (id: string) => ({ id, up: true, weight: 1 });
  access.putServer('s1', { instances: [{ ...up('i1'), query: 'token=1' }], credentials: { Authorization: 'own' } });
  access.putServer('s2', { instances: [up('i1'), { ...up('i2'), up: false }, up('i3')] });
  access.putServer('s3', { instances: [up('i1')], state: 'off' });
  access.putServer('s4', { instances: [up('i1')] });
  access.putServer('s5', { instances: [up('i1')] });
  access.putServer('s6', { instances: [up('i1')], passKey: true });
  access.putServer('s8', { instances: [up('i1')], tools: ['echo'] });
  const only = (server: string, ...tools: string[]) => ({ grants: [{ server, tools }] });
  Object.assign(keys, {
    all: access.addAgent('all', { grants: ['*', 'mcpgw'].map((server) => ({ server, tools: ['*'] })) }),
    star: access.addAgent('star'),
    some: access.addAgent('some', only('weather', 'echo', 'größe')),
    none: access.addAgent('none', { grants: [] }),
    disabled: access.addAgent('disabled', { enabled: false }),
    expired: access.addAgent('expired', { agentExpiresAt: 1 }),
    late: access.addAgent('late', { expiresAt: 4e12 }),
    over: access.addAgent('over', { expiresAt: 1 }),
    unknown: access.addAgent('unknown'),
    mistyped: 'mgw_nonsense',
  });
  access.revoke(keys['unknown'] ?? '');
  for (const agent of ['all', 'star', 'some'])
    for (const instance of ['i1', 'i2', 'i9'])
      sessions.push(tagSession(access.sessionKey, { backendId: 'b~a.c', instance }, agent));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Asked {
  method: string;
  target: string;
  body: Buffer;
  headers: Record<string, string>;
}

/** What NGINX gives the gate for a request, and what the gate does with it. */
function ask(asked: Asked) {
  const own: Record<string, string | undefined> = { mcpgw_verdict: 'refused' };
  const done: string[] = [];
  const { headers } = asked;
  const type = (headers['content_type'] ?? '').toLowerCase();
  const isOdd = headers['http_content_encoding'] !== undefined || !/^application\/json(; ?charset=utf-8)?$/.test(type);
  const given = (name: string) => {
    if (name === 'request_uri') return asked.target;
    if (name === 'request_id') return 'c'.repeat(32);
    if (name === 'mcpgw_odd_body') return isOdd ? '1' : '';
    if (name === 'mcpgw_published') return PUBLISHED.get((own['mcpgw_path'] ?? '').toLowerCase()) ?? '';
    return headers[name];
  };
  const variables = new Proxy(own, {
    get: (target, name) => (String(name) in target ? target[String(name)] : given(String(name))),
  });
  const request: GateRequest = {
    method: asked.method,
    requestBuffer: asked.body.length === 0 ? undefined : asked.body,
    // As njs 0.7.9 does: a byte is a character.
    requestText: asked.body.length === 0 ? undefined : asked.body.toString('latin1'),
    variables,
    headersOut: {},
    return: (status, text) => void done.push(`${status} ${text}`),
    internalRedirect: (uri) => void done.push(uri),
    error: () => undefined,
    sendBuffer: () => undefined,
    done: () => undefined,
  };
  return { request, own, done };
}

test('what the short way lets pass, the whole gate sends to the same place with the same notes', () => {
  let passed = 0;
  fc.assert(
    fc.property(arbitraryCall([...PUBLISHED.keys()]), (call) => {
      const tag = call.session === null ? undefined : sessions[call.session % sessions.length];
      const headers = Object.fromEntries(
        Object.entries({
          http_authorization: `${call.scheme}${keys[call.who] ?? ''}`,
          http_mcp_session_id: call.isForged ? tag?.replace('b~a', 'c~a') : tag,
          http_mcp_protocol_version: call.version,
          http_mcp_method: call.saidMethod,
          http_mcp_name: call.saidName,
          content_type: call.type,
          http_content_encoding: call.encoding,
        }).filter((entry): entry is [string, string] => entry[1] !== undefined),
      );
      const asked = { method: call.method, target: call.target, body: call.body, headers };
      const short = ask(asked);
      const whole = ask(asked);
      decide(whole.request);
      const isPassed = passOrdinary(short.request);
      if (isPassed) {
        passed += 1;
        const set = (own: Record<string, string | undefined>) =>
          Object.entries(own).filter(([, value]) => value !== '');
        expect([short.done, Object.fromEntries(set(short.own))]).toEqual([
          whole.done,
          Object.fromEntries(set(whole.own)),
        ]);
      } else {
        expect(short.done).toEqual([]);
        decide(short.request);
        expect(short.done).toEqual(whole.done);
      }
    }),
    { numRuns: 4_000 },
  );
  expect(passed).toBeGreaterThan(200);
});

const ordinary = (): Asked => ({
  method: 'POST',
  target: '/weather/mcp',
  body: Buffer.from(CALL),
  headers: { http_authorization: `Bearer ${keys['star'] ?? ''}`, content_type: 'application/json' },
});

test('an ordinary call takes the short way', () => {
  const { request, own, done } = ask(ordinary());
  expect(passOrdinary(request)).toBe(true);
  expect(done).toEqual(['/_up/s1/i1/mcp?token=1']);
  expect(own).toMatchObject({ mcpgw_agent: 'star', mcpgw_verdict: 'allowed', mcpgw_header_authorization: 'own' });
});

test.each([
  ['drain', () => access.putGate({ drain: true })],
  ['a kill', () => access.putGate({ killed: 'maintenance' })],
  [
    'a kill written into gate.json by hand',
    () => {
      const file = join(folder, 'gate.json');
      // As long as before, and with the same name and inode.
      writeFileSync(file, readFileSync(file, 'utf8').replace('"killed":null', '"killed":true'));
    },
  ],
  ['no gate.json', () => access.remove('gate.json')],
  ['a gate.json of another version', () => access.put('gate.json', '{"v":1,"drain":false,"killed":null}\n')],
  ['a broken server file', () => access.put('servers/s1.json', '{"v":2,')],
  [
    'an end of an agent that is no number',
    () => access.putKey(keys['star'] ?? '', 'star', { agentExpiresAt: '4000000000000' as unknown as number }),
  ],
  ['a broken key file', () => access.put(access.keyFileOf(keys['star'] ?? ''), 'null')],
  ['a disabled agent', () => access.putKey(keys['star'] ?? '', 'star', { enabled: false })],
])('%s leads to the whole gate', (_, break_) => {
  break_();
  try {
    expect(passOrdinary(ask(ordinary()).request)).toBe(false);
  } finally {
    access.putGate({});
    access.putServer('s1', {
      instances: [{ id: 'i1', up: true, weight: 1, query: 'token=1' }],
      credentials: { Authorization: 'own' },
    });
    access.putKey(keys['star'] ?? '', 'star');
  }
});
