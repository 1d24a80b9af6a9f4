import { expect, test, vi } from 'vitest';
import { encodeHeader, modernHeaders } from './message.ts';
import { readEvents } from './read-events.ts';
import { toOperation } from './operation.ts';
import { connectSse } from './sse.ts';
import { toMessage, writeCurl } from './write-curl.ts';

async function read(...chunks: string[]) {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
  const events = [];
  for await (const event of readEvents(body)) events.push(event);
  return events;
}

test('events are parsed across any chunk boundaries, with every kind of line ending', async () => {
  expect(
    await read('event: endpo', 'int\ndata: /m\n\n: ping\n\nda', 'ta: {"a":\r\ndata: 1}\r\n\r', '\ndata:x\n\n'),
  ).toEqual([
    { event: 'endpoint', data: '/m' },
    { event: 'message', data: '{"a":\n1}' },
    { event: 'message', data: 'x' },
  ]);
});

test('names that are not printable ASCII are sent in headers as Base64', () => {
  expect(encodeHeader('get_weather')).toBe('get_weather');
  expect(encodeHeader('Größe')).toBe('=?base64?R3LDtsOfZQ==?=');
  expect(modernHeaders('tools/call', { name: 'a b' })).toMatchObject({ 'Mcp-Method': 'tools/call', 'Mcp-Name': 'a b' });
});

test('arguments that the schema of a tool marks as headers are sent as headers', () => {
  const inputSchema = {
    type: 'object',
    properties: {
      region: { type: 'string', 'x-mcp-header': 'Region' },
      count: { type: 'integer', 'x-mcp-header': 'Count' },
      left: { type: 'string', 'x-mcp-header': 'Left-Out' },
      bad: { type: 'string', 'x-mcp-header': 'no name\r\nX: y' },
      plain: { type: 'string' },
      deep: { type: 'object', properties: { on: { type: 'boolean', 'x-mcp-header': 'On' } } },
      list: { type: 'array', items: { type: 'object', properties: { no: { type: 'string', 'x-mcp-header': 'No' } } } },
    },
  };
  const { toHeaders } = toOperation('tools', { name: 'say', inputSchema });
  const args = { region: 'Größe', count: 0, bad: 'x', plain: 'x', deep: { on: false }, list: [{ no: 'x' }] };
  expect(toHeaders(args)).toEqual({
    'Mcp-Param-Region': '=?base64?R3LDtsOfZQ==?=',
    'Mcp-Param-Count': '0',
    'Mcp-Param-On': 'false',
  });
  expect(toHeaders(undefined)).toEqual({});
  // A value that looks encoded is encoded, or the server would decode it.
  expect(toHeaders({ region: '=?base64?QQ==?=' })).toEqual({ 'Mcp-Param-Region': '=?base64?PT9iYXNlNjQ/UVE9PT89?=' });
  const call = { url: 'http://gw/x/mcp', method: 'tools/call', params: {}, headers: toHeaders({ region: 'eu' }) };
  expect(writeCurl({ ...call, era: 'modern' })).toContain("-H 'Mcp-Param-Region: eu'");
  expect(writeCurl({ ...call, era: 'legacy' })).not.toContain('Mcp-Param');
});

test('a request is written as a quoted curl command without the key, and as the message that is sent', () => {
  const call = {
    url: 'http://gw/weather/mcp',
    method: 'tools/call',
    params: { name: 'say', arguments: { text: "it's" } },
  };
  const modern = writeCurl({ ...call, era: 'modern' });
  expect(modern).toContain(String.raw`it'\''s`);
  expect(modern).toContain('-H "Authorization: Bearer $MCPGW_KEY"');
  expect(modern).toContain("-H 'Mcp-Name: say'");
  const legacy = writeCurl({ ...call, era: 'legacy' });
  expect(legacy.match(/^curl/gm)).toHaveLength(3);
  expect(toMessage({ ...call, era: 'legacy' })).toEqual({
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: call.params,
  });
});

test('over SSE, nothing is sent to a message endpoint of another origin', async () => {
  const requested: string[] = [];
  vi.stubGlobal('fetch', (url: string) => {
    requested.push(url);
    return Promise.resolve(new Response('event: endpoint\ndata: https://evil.example/take?key=1\n\n'));
  });
  try {
    await expect(connectSse({ url: 'http://gw.example/old/sse', key: 'mgw_x' })).rejects.toThrow(
      'names a message endpoint at https://evil.example',
    );
    expect(requested).toEqual(['http://gw.example/old/sse']);
  } finally {
    vi.unstubAllGlobals();
  }
});
