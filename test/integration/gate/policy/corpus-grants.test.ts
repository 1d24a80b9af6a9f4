import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCAN_CASES } from '../../../../nginx/gate/json/scan/cases/index.ts';
import { ask } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend, type RecordingBackend } from '../../../support/nginx/record-backend.ts';
import { planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';

// What a backend would allow this agent by its own rules, written without any of the gate's code.
const GRANT = {
  server: 'weather',
  tools: ['allowed', 'get_*', '!get_secret'],
  resources: ['docs://*'],
  prompts: ['hello'],
};
const FREE = new Set(['initialize', 'ping', 'server/discover', 'logging/setLevel', 'tools/list', 'resources/list']);
for (const one of ['resources/templates/list', 'prompts/list']) FREE.add(one);

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Members = Record<string, Json | undefined>;

function mayName(kind: string, name: Json | undefined): boolean {
  if (typeof name !== 'string') return false;
  if (kind === 'tools') return name === 'allowed' || (name.startsWith('get_') && name.toLowerCase() !== 'get_secret');
  return kind === 'prompts' ? name === 'hello' : name.startsWith('docs://') && !name.includes('..');
}

const isObject = (value: Json | undefined): value is { [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A stream of notifications: of lists, and of the resources that it names. */
function mayListen(notifications: Json | undefined): boolean {
  if (!isObject(notifications)) return false;
  return Object.entries(notifications).every(
    ([name, uris]) =>
      name.toLowerCase() !== 'resourcesubscriptions' ||
      (Array.isArray(uris) && uris.every((uri) => mayName('resources', uri))),
  );
}

function mayMessage(message: Members): boolean {
  const { method } = message;
  if (typeof method !== 'string') return method === undefined;
  if (FREE.has(method) || method.startsWith('notifications/')) return true;
  const params: Members = isObject(message['params']) ? message['params'] : {};
  if (method === 'tools/call') return mayName('tools', params['name']);
  if (method === 'prompts/get') return mayName('prompts', params['name']);
  if (/^resources\/(read|subscribe|unsubscribe)$/.test(method)) return mayName('resources', params['uri']);
  if (method === 'subscriptions/listen') return mayListen(params['notifications']);
  if (method !== 'completion/complete' || !isObject(params['ref'])) return false;
  const ref: Members = params['ref'];
  const checks = [
    ...(ref['name'] === undefined ? [] : [mayName('prompts', ref['name'])]),
    ...(ref['uri'] === undefined ? [] : [mayName('resources', ref['uri'])]),
  ];
  return checks.length > 0 && checks.every(Boolean);
}

/** Matches members as Go's encoding/json and others do: by folded letters, the last one wins; C libraries end a name at NUL. */
function fold(value: Json): Json {
  if (Array.isArray(value)) return value.map(fold);
  if (!isObject(value)) return value;
  const folded = (name: string) =>
    name.split('\0')[0]?.replaceAll('\u017f', 's').replaceAll('\u212a', 'k').toLowerCase() ?? '';
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [folded(name), fold(member)]));
}

/** Whether a backend would allow the agent everything that it reads in a body. */
function isAllowed(text: string, read: (value: Json) => Json): boolean {
  const value = read(JSON.parse(text) as Json);
  const messages = Array.isArray(value) ? value : [value];
  return messages.every((message) => isObject(message) && mayMessage(message));
}

const NAMES = [
  'allowed',
  'Allowed',
  'allowed ',
  'get_item',
  'get_secret',
  'GET_SECRET',
  'get_',
  'drop',
  '',
  'allowed\0',
  'g\u0435t_item',
];
const URIS = ['docs://a', 'docs://a/../b', 'DOCS://a', 'docs:/', 'file:///docs://a', 'docs://'];
const call = (method: string, params: object) => ({ jsonrpc: '2.0', id: 1, method, params });

/** Well-formed calls of everything that can be granted, alone and in a batch after an allowed one. */
const WRITTEN = [
  ...NAMES.flatMap((name) => [call('tools/call', { name }), call('prompts/get', { name })]),
  ...NAMES.map((name) => call('tools/call', { arguments: { name: 'allowed', params: { name: 'drop' } }, name })),
  ...URIS.flatMap((uri) => [call('resources/read', { uri }), call('resources/subscribe', { uri })]),
  ...['hello', 'drop'].map((name) => call('completion/complete', { ref: { type: 'ref/prompt', name } })),
  ...['tasks/get', 'admin/reset', 'TOOLS/CALL', 'tools/call '].map((method) => call(method, { name: 'allowed' })),
].flatMap((one) => [JSON.stringify(one), JSON.stringify([call('tools/call', { name: 'allowed' }), one])]);

const BODIES = [
  ...WRITTEN.map((text) => Buffer.from(text)),
  ...SCAN_CASES.map(({ body }) => Buffer.from(body, 'latin1')),
  ...SCAN_CASES.map(({ body }) => Buffer.from(body.replaceAll('forbidden', 'drop'), 'latin1')),
].filter(({ length }) => length < 100_000);

describe.each(NGINX_KINDS)('the corpus against grants in $name NGINX', (kind) => {
  let backend: RecordingBackend;
  let gate: RunningGate;
  beforeAll(async () => {
    backend = await startRecordingBackend();
    gate = await startGate(kind, [{ path: 'weather', instances: [planInstance('i1', `${backend.url}/mcp`)] }]);
  });
  afterAll(async () => {
    await gate.close();
    await backend.close();
  });

  test('a forwarded request is one that the backend itself would allow, whether it matches names exactly or loosely', async () => {
    const key = gate.access.addAgent('bob', { grants: [GRANT] });
    let passed = 0;
    let judged = 0;
    for (const body of BODIES) {
      const before = backend.requests.length;
      const reply = await ask(gate.url, '/weather', { key, body });
      const shown = body.toString('latin1').slice(0, 200);
      if (backend.requests.length > before) {
        passed += 1;
        const got = backend.requests.at(-1)?.body ?? '';
        expect(
          isAllowed(got, (value) => value),
          shown,
        ).toBe(true);
        expect(isAllowed(got, fold), shown).toBe(true);
        continue;
      }
      expect([400, 403], shown).toContain(reply.status);
      // 403: it was read, and the rules refused it. A backend would refuse it, too.
      if (reply.status !== 403) continue;
      judged += 1;
      expect(
        isAllowed(body.toString(), (value) => value),
        shown,
      ).toBe(false);
    }
    expect(passed).toBeGreaterThan(20);
    expect(judged).toBeGreaterThan(40);
  });
});
