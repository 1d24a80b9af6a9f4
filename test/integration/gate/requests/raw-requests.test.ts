import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendRaw } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend, type RecordingBackend } from '../../../support/nginx/record-backend.ts';
import { planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';

const call = (tool: string) => `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${tool}"}}`;
const GOOD = call('granted');
const EVIL = call('forbidden');
const chunk = (body: string, extension = '') => `${body.length.toString(16)}${extension}\r\n${body}\r\n`;
const CHUNKED = 'Transfer-Encoding: chunked\r\n\r\n';
const sized = (body: string, more = '') => `${more}Content-Length: ${body.length}\r\n\r\n${body}`;

/** Request line, the part after the Host and the key, the expected statuses, and whether the backend receives the granted call. */
const CASES: [name: string, line: string, rest: string, statuses: string, passes?: true][] = [
  ['a target without a slash', 'POST upstream/s0/i1/mcp HTTP/1.1', sized(EVIL), '400'],
  ['the internal location', 'POST /upstream/s0/i1/mcp HTTP/1.1', sized(EVIL), '404'],
  ['the internal location in absolute form', 'POST http://localhost/upstream/s0/i1/mcp HTTP/1.1', sized(EVIL), '404'],
  ['absolute form without a path', 'POST http://localhost HTTP/1.1', sized(EVIL), '404'],
  ['the location that counts wrong keys', 'GET /_wrong-key HTTP/1.1', '\r\n', '404'],
  ['the location of an error', 'GET /_error/400 HTTP/1.1', '\r\n', '404'],
  ['OPTIONS *', 'OPTIONS * HTTP/1.1', '\r\n', '400'],
  ['CONNECT', 'CONNECT localhost:80 HTTP/1.1', '\r\n', '400'],
  ['HTTP/2 by prior knowledge', 'PRI * HTTP/2.0', '\r\nSM\r\n\r\n', '400'],
  ['a parameter of a segment', 'POST /one;/mcp HTTP/1.1', sized(GOOD), '404'],
  ['a fragment', 'POST /one#/../two HTTP/1.1', sized(GOOD), '404'],
  ['backslashes', 'POST /one\\..\\two HTTP/1.1', sized(GOOD), '404'],
  ['a space in the target', 'POST /one /two HTTP/1.1', sized(GOOD), '400'],
  ['a query that looks like a path', 'POST /one?/../two/mcp HTTP/1.1', sized(GOOD), '200', true],
  ['chunks', 'POST /one HTTP/1.1', `${CHUNKED}${chunk(GOOD)}0\r\n\r\n`, '200', true],
  ['chunks of another tool', 'POST /one HTTP/1.1', `${CHUNKED}${chunk(EVIL)}0\r\n\r\n`, '403'],
  ['a chunk extension', 'POST /one HTTP/1.1', `${CHUNKED}${chunk(GOOD, ';a=b')}0\r\n\r\n`, '200', true],
  [
    'a chunk extension over lines',
    'POST /one HTTP/1.1',
    `${CHUNKED}${chunk(GOOD, ';a="\r\n0\r\n\r\n"')}0\r\n\r\n`,
    '400',
  ],
  ['a chunk extension with a line feed', 'POST /one HTTP/1.1', `${CHUNKED}${chunk(GOOD, ';a\n;b')}0\r\n\r\n`, '400'],
  [
    'trailers',
    'POST /one HTTP/1.1',
    `${CHUNKED}${chunk(GOOD)}0\r\nX-Evil: 1\r\nContent-Length: 5\r\n\r\n`,
    '200',
    true,
  ],
  ['HTTP/1.0', 'POST /one HTTP/1.0', sized(GOOD), '200', true],
  ['HTTP/1.0 with chunks', 'POST /one HTTP/1.0', `${CHUNKED}${chunk(GOOD)}0\r\n\r\n`, '400'],
  ['HTTP/1.2', 'POST /one HTTP/1.2', sized(GOOD), '200', true],
  ['GET of HTTP/1.2', 'GET /one HTTP/1.2', '\r\n', '200', true],
  ['a length with a sign', 'POST /one HTTP/1.1', `Content-Length: +${GOOD.length}\r\n\r\n${GOOD}`, '400'],
  // NGINX does not read Content_Length as a length, and it must not hide a body from the gate.
  ['GET with a body behind Content_Length', 'GET /one HTTP/1.1', sized(EVIL, 'Content_Length: 0\r\n'), '400'],
  ['DELETE with a body behind Content_Length', 'DELETE /one HTTP/1.1', sized(EVIL, 'Content_Length: 0\r\n'), '400'],
  [
    'GET with a body before Content_Length',
    'GET /one HTTP/1.1',
    'Content-Length: 2\r\nContent_Length: 0\r\n\r\n{}',
    '400',
  ],
  ['Content_Length', 'POST /one HTTP/1.1', sized(GOOD, 'Content_Length: 5\r\nX_Evil: 1\r\n'), '200', true],
  ['Transfer_Encoding', 'POST /one HTTP/1.1', sized(GOOD, 'Transfer_Encoding: chunked\r\n'), '200', true],
  ['Expect', 'POST /one HTTP/1.1', sized(GOOD, 'Expect: 100-continue\r\n'), '100,200', true],
  ['a forged session', 'POST /one HTTP/1.1', sized(GOOD, 'Mcp-Session-Id: x~i1.0123456789abcdef\r\n'), '404'],
  ['a forged session, misspelt', 'POST /one HTTP/1.1', sized(GOOD, 'Mcp_Session_Id: x~i1.0123456789abcdef\r\n'), '404'],
  ['two sessions', 'POST /one HTTP/1.1', sized(GOOD, 'Mcp-Session-Id: x\r\nMcp-Session-Id: y\r\n'), '404'],
  ['a carriage return in a header', 'POST /one HTTP/1.1', sized(GOOD, 'tracestate: a\rX-Evil: 1\r\n'), '400'],
  ['a NUL in a header', 'POST /one HTTP/1.1', sized(GOOD, 'tracestate: a\0b\r\n'), '400'],
  ['a folded header', 'POST /one HTTP/1.1', sized(GOOD, 'tracestate: a\r\n X-Evil: 1\r\n'), '400'],
  [
    'a traceparent that would end its string',
    'POST /one HTTP/1.1',
    sized(GOOD, 'traceparent: 00-"},{"-x\r\n'),
    '200',
    true,
  ],
  ['a method that would end its string', 'G"T /one HTTP/1.1', '\r\n', '400'],
  ['Range', 'GET /one HTTP/1.1', 'Range: bytes=0-1\r\nIf-None-Match: *\r\n\r\n', '200', true],
];

// Bytes that no client library would send. NGINX, the gate and a backend must interpret a request in the same way.
describe.each(NGINX_KINDS)('raw requests to $name NGINX', (kind) => {
  let backend: RecordingBackend;
  let gate: RunningGate;
  let key: string;
  beforeAll(async () => {
    backend = await startRecordingBackend();
    gate = await startGate(kind, [
      { path: 'one', instances: [planInstance('i1', `${backend.url}/mcp`)] },
      { path: 'two', instances: [planInstance('i1', `${backend.url}/two`)] },
    ]);
    key = gate.access.addAgent('bob', { grants: [{ server: 'one', tools: ['granted'] }] });
  });
  afterAll(async () => {
    await gate.close();
    await backend.close();
  });

  test.each(CASES)('%s', async (_name, line, rest, statuses, passes) => {
    const before = backend.requests.length;
    const head = `${line}\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer ${key}\r\n`;
    const text = await sendRaw(gate.url, head + rest);
    expect((text.match(/(?<=HTTP\/1\.1 )\d+/g) ?? []).join(',')).toBe(statuses);
    expect(text).not.toContain('<html');
    const got = backend.requests.slice(before);
    expect(got.map(({ url }) => url)).toEqual(passes === true ? ['/mcp'] : []);
    for (const { body, rawHeaders } of got) {
      expect(['', GOOD]).toContain(body);
      const names = rawHeaders
        .filter((_, index) => index % 2 === 0)
        .map((name) => name.toLowerCase().replaceAll('_', '-'));
      for (const name of ['x-evil', 'transfer-encoding', 'range', 'if-none-match', 'expect', 'authorization'])
        expect(names).not.toContain(name);
      expect(names.filter((name) => name === 'content-length').length).toBeLessThan(2);
    }
  });

  test('each line of the log is still one JSON object', () => {
    expect(gate.calls().length).toBeGreaterThan(CASES.length / 2);
  });
});
