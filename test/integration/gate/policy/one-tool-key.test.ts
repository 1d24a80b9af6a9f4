import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gzipSync } from 'node:zlib';
import { ask, callBody, sendRaw, type Question } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend, type RecordingBackend } from '../../../support/nginx/record-backend.ts';
import { planEndpoint, planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';

const DROP = callBody('drop');
const LOOK = callBody('look');

/** Attempts to reach another server by its path. */
const OTHER_PATHS = [
  '/other',
  '/other/mcp',
  '/other/sse',
  '/OTHER/mcp',
  '//other/mcp',
  '/./other/mcp',
  '/weather/../other/mcp',
  '/weather/mcp/../../other/mcp',
  '/weather/%2e%2e/other/mcp',
  '/weather/..%2fother/mcp',
  '/weather/..%5cother/mcp',
  '/weather%2f..%2fother/mcp',
  '/weather;/../other/mcp',
  '/weather/mcp;x=/other/mcp',
  '/other%00/mcp',
  '/other/mcp?server=weather',
  '/weather/mcp/other/mcp',
  '/%6fther/mcp',
  '/other/mcp#/weather/mcp',
  '/mcp/other',
  '/weather\\..\\other\\mcp',
];

/** Attempts to call another tool of the granted server. */
const OTHER_CALLS: [string, Question][] = [
  ['the tool itself', { body: DROP }],
  ['another case', { body: callBody('Drop') }],
  ['behind one that is granted', { body: `[${LOOK},${DROP}]` }],
  ['before one that is granted', { body: `[${DROP},${LOOK}]` }],
  ['a batch in a batch', { body: `[[${DROP}]]` }],
  ['as a notification', { body: DROP.replace('"id":1,', '') }],
  ['two documents', { body: `${LOOK}\n${DROP}` }],
  ['two documents without a line', { body: `${LOOK}${DROP}` }],
  ['a name twice', { body: DROP.replace('"name":"drop"', '"name":"look","name":"drop"') }],
  ['a name twice, escaped', { body: DROP.replace('"name":"drop"', '"name":"look","n\\u0061me":"drop"') }],
  ['a name twice, folded', { body: DROP.replace('"name":"drop"', '"name":"look","Name":"drop"') }],
  ['params twice', { body: DROP.replace('"params"', '"params":{"name":"look"},"params"') }],
  ['params as a list', { body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":["drop"]}' }],
  ['a method with a space', { body: DROP.replace('tools/call', 'tools/call ') }],
  ['a method in capitals', { body: DROP.replace('tools/call', 'TOOLS/CALL') }],
  ['a name with NUL', { body: DROP.replace('"drop"', '"look\\u0000drop"') }],
  ['a name that is an object', { body: DROP.replace('"drop"', '{"toString":"drop"}') }],
  ['a name that is a list', { body: DROP.replace('"drop"', '["drop"]') }],
  ['UTF-16', { body: Buffer.from(`\ufeff${DROP}`, 'utf16le') }],
  ['a byte order mark', { body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(DROP)]) }],
  ['gzip', { body: gzipSync(DROP), headers: { 'Content-Encoding': 'gzip' } }],
  ['gzip without Content-Encoding', { body: gzipSync(DROP) }],
  ['another charset', { body: DROP, headers: { 'Content-Type': 'application/json; charset=utf-7' } }],
  ['a form', { body: `body=${DROP}`, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }],
  [
    'multipart',
    { body: `--x\r\n\r\n${DROP}\r\n--x--`, headers: { 'Content-Type': 'multipart/form-data; boundary=x' } },
  ],
  ['PUT', { method: 'PUT', body: DROP }],
  ['PATCH', { method: 'PATCH', body: DROP }],
  ['GET with a body', { method: 'GET', body: DROP, headers: { 'Content-Length': DROP.length } }],
  ['DELETE with a body', { method: 'DELETE', body: DROP, headers: { 'Content-Length': DROP.length } }],
  ['headers that name another', { body: DROP, headers: { 'Mcp-Method': 'tools/call', 'Mcp-Name': 'look' } }],
  ['headers of the tool that is called', { body: LOOK, headers: { 'Mcp-Method': 'tools/call', 'Mcp-Name': 'drop' } }],
  ['headers of another method', { body: DROP, headers: { 'Mcp-Method': 'ping' } }],
  ['a method in the query', { body: DROP.replace('tools/call', 'ping'), headers: { 'X-HTTP-Method-Override': 'PUT' } }],
  ['a resource', { body: '{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"file:///etc/passwd"}}' }],
  ['a subscription', { body: '{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"file:///a"}}' }],
  ['a prompt', { body: '{"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"look"}}' }],
  ['a task', { body: '{"jsonrpc":"2.0","id":1,"method":"tasks/result","params":{"taskId":"1"}}' }],
  ['a method of a vendor', { body: '{"jsonrpc":"2.0","id":1,"method":"x/call","params":{"name":"drop"}}' }],
  ['deep nesting', { body: DROP.replace('"arguments":{}', `"arguments":${'['.repeat(300)}${']'.repeat(300)}`) }],
  ['a huge unknown member', { body: DROP.replace('{"jsonrpc"', `{"x":"${'a'.repeat(200_000)}","jsonrpc"`) }],
];

/** Requests that are written to the socket unchanged; each ends its connection. */
const RAW = (key: string): [string, string][] => {
  const head = (target: string, more = '') =>
    `POST ${target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n${more}`;
  const drop = `Content-Length: ${DROP.length}\r\nConnection: close\r\n\r\n${DROP}`;
  const inside = `${head('/other/mcp')}${drop}`;
  const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
  return [
    ['an absolute target', head('http://localhost/other/mcp') + drop],
    ['an absolute target of another host', head('http://other/weather/mcp', 'X-Forwarded-Host: other\r\n') + drop],
    [
      'a length and chunks',
      `${head('/weather/mcp', 'Transfer-Encoding: chunked\r\n')}Content-Length: 4\r\n\r\n${chunked(LOOK)}${inside}`,
    ],
    [
      'two lengths',
      `${head('/weather/mcp', `Content-Length: ${LOOK.length}\r\n`)}Content-Length: 0\r\n\r\n${LOOK}${inside}`,
    ],
    [
      'an odd coding',
      `${head('/weather/mcp', 'Transfer-Encoding: xchunked\r\n')}Connection: close\r\n\r\n${chunked(DROP)}`,
    ],
    [
      'a folded header',
      `${head('/weather/mcp', 'Transfer-Encoding:\r\n chunked\r\n')}Connection: close\r\n\r\n${chunked(DROP)}`,
    ],
    ['a space before the colon', `${head('/weather/mcp', 'Content-Length : 4\r\n')}${drop}`],
    [
      'a second request behind the first',
      `${head('/weather/mcp')}Content-Length: ${LOOK.length}\r\n\r\n${LOOK}${inside}`,
    ],
    [
      'one request in the body of another',
      `${head('/weather/mcp')}Content-Length: ${inside.length}\r\nConnection: close\r\n\r\n${inside}`,
    ],
    [
      'chunks of one byte',
      `${head('/weather/mcp', 'Transfer-Encoding: chunked\r\n')}Connection: close\r\n\r\n${Array.from(DROP, (c) => `1\r\n${c}\r\n`).join('')}0\r\n\r\n`,
    ],
    [
      'an offer to upgrade',
      `${head('/weather/mcp', 'Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n')}Connection: Upgrade, HTTP2-Settings, close\r\nContent-Length: ${DROP.length}\r\n\r\n${DROP}`,
    ],
    ['HTTP/1.0', inside.replace('HTTP/1.1', 'HTTP/1.0')],
  ];
};

/** The names of all tools that a body calls, however the backend matches members. */
function calledTools(body: string): unknown[] {
  const found: unknown[] = [];
  const fold = (value: unknown): unknown =>
    typeof value !== 'object' || value === null
      ? value
      : Array.isArray(value)
        ? value.map(fold)
        : Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toLowerCase(), fold(member)]));
  const messages = [fold(JSON.parse(body))].flat() as { method?: unknown; params?: { name?: unknown } }[];
  for (const { method, params } of messages) if (method !== undefined && method !== 'ping') found.push(params?.name);
  return found;
}

describe.each(NGINX_KINDS)('a key for one tool of one server in $name NGINX', (kind) => {
  let weather: RecordingBackend;
  let other: RecordingBackend;
  let gate: RunningGate;
  let key: string;
  let rich: string;
  beforeAll(async () => {
    [weather, other] = await Promise.all([startRecordingBackend(), startRecordingBackend()]);
    const instance = ({ url }: RecordingBackend) =>
      planInstance('i1', `${url}/mcp`, { sse: planEndpoint(`${url}/sse`) });
    gate = await startGate(kind, [
      { path: 'weather', instances: [instance(weather)] },
      { path: 'other', instances: [instance(other)] },
    ]);
    key = gate.access.addAgent('mallory', { grants: [{ server: 'weather', tools: ['look'] }] });
    rich = gate.access.addAgent('rich');
  });
  afterAll(async () => {
    await gate.close();
    await Promise.all([weather.close(), other.close()]);
  });

  function expectNothingReached(what: string): void {
    expect(other.requests, what).toEqual([]);
    for (const { body } of weather.requests.splice(0))
      for (const name of body === '' ? [] : calledTools(body)) expect(name, what).toBe('look');
  }

  test('reaches no other server', async () => {
    for (const path of OTHER_PATHS) {
      for (const body of [LOOK, undefined])
        await ask(gate.url, path, { key, ...(body === undefined ? {} : { body }) }).catch(() => undefined);
      expectNothingReached(path);
    }
  });

  test.each(OTHER_CALLS)('calls no other tool: %s', async (what, question) => {
    for (const path of ['/weather', '/weather/mcp', '/weather/mcp?method=tools/call&name=look']) {
      await ask(gate.url, path, { key, ...question });
      expectNothingReached(what);
    }
  });

  test('gains nothing by raw bytes on the connection', async () => {
    for (const [what, bytes] of RAW(key)) {
      await sendRaw(gate.url, bytes).catch(() => '');
      expectNothingReached(what);
    }
  });

  test('is not replaced by further keys', async () => {
    const bearer = (value: string) => `Bearer ${value}`;
    const tries: Question[] = [
      { headers: { Authorization: [bearer(key), bearer(rich.slice(0, -1))] } },
      { key, headers: { 'X-Api-Key': rich.slice(0, -1) } },
      { key, headers: { 'X-Agent': 'rich', 'X-Forwarded-User': 'rich', 'X-MCPGW-Agent': 'rich' } },
      { headers: { Authorization: `Bearer ${key} ${rich.slice(0, 20)}` } },
      { headers: { Cookie: `session=${rich.slice(0, 20)}`, Authorization: bearer(key) } },
    ];
    for (const question of tries) {
      await ask(gate.url, '/weather', { ...question, body: DROP });
      await ask(gate.url, '/other', { ...question, body: LOOK });
      expectNothingReached(JSON.stringify(question.headers));
    }
  });

  test('can call the granted tool', async () => {
    expect((await ask(gate.url, '/weather', { key, body: LOOK })).status).toBe(200);
    expect(weather.requests.map(({ body }) => body)).toEqual([LOOK]);
    expect((await ask(gate.url, '/other', { key: rich, body: DROP })).status).toBe(200);
  });
});
