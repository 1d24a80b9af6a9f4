import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, sendRaw } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend, type RecordingBackend } from '../../../support/nginx/record-backend.ts';
import { planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';

const nest = (depth: number) => `{"method":"ping","params":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

/** Bodies and the reasons of their refusal; null: they are forwarded. The agent may call `echo` alone. */
const CORPUS: [body: string | Buffer, reason: string | null][] = [
  ['{"method":"tools/call","params":{"name":"echo"}}', null],
  ['{"method":"tools/call","params":{"name":"evil"}}', 'tool_not_granted'],
  ['{"method":"tools/call","params":{"name":"\\u0065vil"}}', 'tool_not_granted'],
  ['{"\\u006dethod":"tools/call","params":{"name":"evil"}}', 'tool_not_granted'],
  ['{"method":"tools\\/call","params":{"name":"evil"}}', 'tool_not_granted'],
  ['{"method":"tools/call","params":{"name":"echo","name":"evil"}}', 'key_twice'],
  ['{"method":"tools/call","params":{"name":"echo"},"params":{"name":"evil"}}', 'key_twice'],
  ['{"method":"tools/list","method":"tools/call","params":{"name":"evil"}}', 'key_twice'],
  ['{"method":"tools/call","params":{"name":"echo","n\\u0061me":"evil"}}', 'key_twice'],
  ['{"method":"tools/call","params":{"name":"echo", "arguments":{"a":1,"a"\t:2}}}', 'key_twice'],
  ['{"method":"tools/call","params":{"name":"echo","text":"\\\\","name" :"evil"}}', 'key_twice'],
  ['[{"method":"ping"},{"method":"tools/call","params":{"name":"evil"}}]', 'tool_not_granted'],
  ['[{"method":"ping"},{"id":1,"result":{}}]', null],
  ['[]', 'not_a_message'],
  ['[[{"method":"tools/call","params":{"name":"evil"}}]]', 'not_a_message'],
  ['{"method":"tools/call","params":["evil"]}', 'tool_missing'],
  ['{"method":"tools/call","params":{"name":{"toString":"evil"}}}', 'tool_missing'],
  ['{"method":["tools/call"],"params":{"name":"evil"}}', 'not_a_message'],
  ['{"method":"tools/call","params":{"name":"\\ud800"}}', 'tool_missing'],
  ['{"method":"tools/call\\u0000","params":{"name":"evil"}}', 'method_not_granted'],
  ['\ufeff{"method":"ping"}', 'byte_order_mark'],
  [Buffer.from('fffe7b00', 'hex'), 'not_utf8'],
  [Buffer.concat([Buffer.from('{"method":"ping","x":"'), Buffer.from('c0af', 'hex'), Buffer.from('"}')]), 'not_utf8'],
  [Buffer.concat([Buffer.from('{"method":"ping","x":"'), Buffer.from('eda080', 'hex'), Buffer.from('"}')]), 'not_utf8'],
  [Buffer.from('{"method":"ping"}', 'utf16le'), 'not_json'],
  ['{"method":"ping"}{"method":"tools/call","params":{"name":"evil"}}', 'not_json'],
  ['{"method":"ping"}\n\n', null],
  ['{"method":"ping",}', 'not_json'],
  ['{"method":"ping"/**/}', 'not_json'],
  ["{'method':'ping'}", 'not_json'],
  ['{method:"ping"}', 'not_json'],
  ['{"method":"ping","x":01}', 'not_json'],
  ['{"method":"ping","x":NaN}', 'not_json'],
  ['{"method":"ping","x":+1}', 'not_json'],
  ['{"method":"ping","x":1e999}', null],
  ['{"method":"ping","x":"\t"}', 'not_json'],
  ['{"method":"ping","x":"\\x41"}', 'not_json'],
  ['\u00a0{"method":"ping"}', 'not_json'],
  ['\u000b{"method":"ping"}', 'not_json'],
  [nest(128), null],
  [nest(129), 'too_deep'],
  [nest(5_000), 'too_deep'],
  [`{"method":"ping","params":[${Array(200_100).fill('1').join(',')}]}`, 'too_many_members'],
  [`{"method":"ping","params":{${Array.from({ length: 60_000 }, (_, index) => `"k${index}":1`).join(',')}}}`, null],
  [`{"method":"ping","params":{"text":"${'\\"'.repeat(500_000)}"}}`, null],
  [`{"method":"ping","params":{"text":"${'\\"a\\":1,'.repeat(200_000)}"}}`, null],
  ['"'.repeat(3_000_000), 'not_json'],
  [`{"method":"ping","params":{"__proto__":{"method":"y"},"constructor":1,"toString":2}}`, null],
  ['', 'body_missing'],
  [' ', 'not_json'],
  ['null', 'not_json'],
  ['true', 'not_json'],
];

describe.each(NGINX_KINDS)('hostile bodies at $name NGINX', (kind) => {
  let backend: RecordingBackend;
  let gate: RunningGate;
  let key: string;

  beforeAll(async () => {
    backend = await startRecordingBackend();
    gate = await startGate(kind, [{ path: 'weather', instances: [planInstance('i1', `${backend.url}/mcp`)] }]);
    key = gate.access.addAgent('bob', { grants: [{ server: 'weather', tools: ['echo'] }] });
  });
  afterAll(async () => {
    await gate.close();
    await backend.close();
  });

  test.each(CORPUS.map(([body, reason]) => ({ body, reason, shown: body.toString().slice(0, 70) })))(
    '$shown: $reason',
    async ({ body, reason }) => {
      const before = backend.requests.length;
      const reply = await ask(gate.url, '/weather', { method: 'POST', body, key });
      if (reason === null) {
        expect(reply.status).toBe(200);
        expect(backend.requests.at(-1)?.body).toBe(body.toString());
        return;
      }
      expect(reply.json).toMatchObject({ error: { data: { reason } } });
      expect(reply.status).toBe(reason.endsWith('_not_granted') ? 403 : 400);
      expect(backend.requests.length).toBe(before);
    },
  );

  test('no charset makes a backend read a different tool than the gate', async () => {
    // In UTF-7 "+ACI-" is a quote: this calls `evil` there.
    const body = '{"method":"tools/call","params":{"name":"echo","x":"+ACI-,+ACI-name+ACI-:+ACI-evil"}}';
    const before = backend.requests.length;
    const refused = await ask(gate.url, '/weather', {
      body,
      key,
      headers: { 'Content-Type': 'application/json; charset=utf-7' },
    });
    expect(refused.json).toMatchObject({ error: { data: { reason: 'charset' } } });
    expect(backend.requests.length).toBe(before);
    // Of two Content-Types NGINX reads the first alone or, from 1.23 on, both.
    const send = (...charsets: string[]) => {
      const types = charsets.map((charset) => `Content-Type: application/json; charset=${charset}\r\n`).join('');
      const fields = `Host: localhost\r\nConnection: close\r\nAuthorization: Bearer ${key}\r\n${types}`;
      const length = `Content-Encoding: identity\r\nContent-Length: ${body.length}\r\n`;
      return sendRaw(gate.url, `POST /weather HTTP/1.1\r\n${fields}${length}\r\n${body}`);
    };
    expect(await send('utf-8')).toContain(' 200 ');
    await send('utf-8', 'utf-7');
    const passed = backend.requests.slice(before).flatMap(({ rawHeaders }) => rawHeaders);
    const lower = passed.map((text) => text.toLowerCase());
    expect(lower).toContain('application/json; charset=utf-8');
    expect(lower.join(' ')).not.toContain('utf-7');
    expect(lower).not.toContain('content-encoding');
  });

  test('every forwarded body is JSON that calls no other tool than the granted one', async () => {
    const piece = fc.constantFrom(
      '"method"',
      '"tools/call"',
      '"params"',
      '"name"',
      '"echo"',
      '"evil"',
      '"\\u006eame"',
      ':',
      ',',
      '{',
      '}',
      '[',
      ']',
      ' ',
      '\n',
      '\\',
      '"',
      '1',
      '"id"',
      'null',
      '\ufeff',
      '{"method":"tools/call","params":{"name":"evil"}}',
    );
    const composed = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));
    const near = fc
      .tuple(fc.constantFrom(...CORPUS.slice(0, 13).map(([body]) => body.toString())), fc.nat(80), piece, fc.nat(3))
      .map(([body, at, text, drop]) => body.slice(0, at) + text + body.slice(at + drop));
    await fc.assert(
      fc.asyncProperty(fc.oneof(composed, near), async (body) => {
        const reply = await ask(gate.url, '/weather', { method: 'POST', body, key });
        if (reply.status !== 200) return;
        const value = JSON.parse(backend.requests.at(-1)?.body ?? '') as unknown;
        for (const message of Array.isArray(value) ? (value as unknown[]) : [value]) {
          const { method, params } = message as { method?: unknown; params?: { name?: unknown } };
          if (method === 'tools/call') expect(params?.name).toBe('echo');
        }
      }),
      { numRuns: 600 },
    );
  });
});
