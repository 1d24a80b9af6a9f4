import { expect, test } from 'vitest';
import { listEndpointCandidates } from './endpoint-candidates.ts';

test.each([
  ['http://h:1', 'auto', ['mcp http://h:1/mcp', 'mcp http://h:1/', 'sse http://h:1/sse', 'mcp http://h:1/api/mcp']],
  ['http://h:1/', 'auto', ['mcp http://h:1/mcp', 'mcp http://h:1/', 'sse http://h:1/sse', 'mcp http://h:1/api/mcp']],
  ['http://h:1/mcp', 'auto', ['mcp http://h:1/mcp', 'sse http://h:1/sse']],
  ['http://h:1/a/mcp/', 'auto', ['mcp http://h:1/a/mcp/', 'sse http://h:1/a/sse']],
  ['http://h:1/sse', 'auto', ['sse http://h:1/sse', 'mcp http://h:1/mcp']],
  [
    'https://h/api',
    'auto',
    [
      'mcp https://h/api',
      'mcp https://h/api/mcp',
      'sse https://h/api/sse',
      'sse https://h/api',
      'mcp https://h/api/api/mcp',
    ],
  ],
  ['http://h:1', 'sse', ['sse http://h:1/sse', 'sse http://h:1/']],
  ['http://h:1/events', 'sse', ['sse http://h:1/events', 'sse http://h:1/events/sse']],
  ['http://h:1/mcp', 'sse', ['sse http://h:1/mcp', 'sse http://h:1/sse']],
  ['http://h:1/odd', 'streamable-http', ['mcp http://h:1/odd', 'mcp http://h:1/odd/mcp', 'mcp http://h:1/odd/api/mcp']],
  ['http://h:1/sse?key=1', 'streamable-http', ['mcp http://h:1/sse', 'mcp http://h:1/mcp']],
] as const)('%s (%s)', (url, transport, expected) => {
  expect(listEndpointCandidates(url, transport).map((found) => `${found.kind} ${found.url}`)).toEqual(expected);
});
