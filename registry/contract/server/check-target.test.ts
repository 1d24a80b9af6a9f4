import { expect, test } from 'vitest';
import { serverInput } from './server.ts';
import { isAdapted, isBridged } from '../rules/served-by.ts';

test.each([
  [{ url: 'ws://a:1/mcp' }, 'websocket', true],
  [{ instances: [{ url: 'wss://a/mcp?key=x' }] }, 'websocket', true],
  [{ url: 'http://a/sse', adapt: true }, 'auto', true],
  [{ url: 'http://a/sse', transport: 'sse', adapt: true }, 'sse', true],
  [{ url: 'http://a/mcp' }, 'auto', false],
])('%j has the transport %s; the bridge serves it: %s', (written, transport, atBridge) => {
  const input = serverInput.parse({ path: 'a', ...written });
  expect([input.transport, isBridged(input), isAdapted(input)]).toEqual([transport, atBridge, atBridge]);
});

test.each([
  [{ url: 'http://a/mcp', transport: 'websocket' }, 'url', 'ws:// or wss://'],
  [{ url: 'ws://a/mcp', transport: 'sse' }, 'url', '"transport": "websocket"'],
  [{ instances: [{ url: 'ws://a/mcp' }, { url: 'http://a/mcp' }] }, 'instances', 'ws:// or wss://'],
  [{ instances: [{ url: 'http://a/mcp' }, { url: 'http://b/mcp' }], adapt: true }, 'instances', 'one instance'],
  [{ command: 'node', adapt: true }, 'adapt', 'http URL'],
  [{ url: 'ws://a/mcp', adapt: true }, 'adapt', 'http URL'],
  [{ tools: [], transport: 'virtual', adapt: true }, 'adapt', 'http URL'],
  [{ url: 'ftp://a/mcp' }, 'url', 'use http, https, ws or wss'],
])('%j is refused: %s', (written, field, words) => {
  const { error } = serverInput.safeParse({ path: 'a', ...written });
  const found = error?.issues.find(({ path }) => path[0] === field);
  expect(found?.message).toContain(words);
});
