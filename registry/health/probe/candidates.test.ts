import { expect, test } from 'vitest';
import { findEndpointEvent, readMessageEndpoint } from './endpoint-event.ts';
import { listCandidates } from './candidates.ts';
import { listSecrets, quoteForeign } from '../explain/redact.ts';

test.each([
  ['http://h:1', 'auto', ['http://h:1/mcp', 'http://h:1/'], ['http://h:1/sse']],
  ['http://h:1/', 'auto', ['http://h:1/mcp', 'http://h:1/'], ['http://h:1/sse']],
  ['http://h:1/mcp', 'auto', ['http://h:1/mcp'], ['http://h:1/sse']],
  ['http://h:1/a/mcp/', 'auto', ['http://h:1/a/mcp/'], ['http://h:1/a/sse']],
  ['http://h:1/sse', 'auto', ['http://h:1/mcp'], ['http://h:1/sse']],
  ['https://h/api', 'auto', ['https://h/api', 'https://h/api/mcp'], ['https://h/api/sse', 'https://h/api']],
  ['http://h:1', 'sse', [], ['http://h:1/sse', 'http://h:1/']],
  ['http://h:1/odd', 'streamable-http', ['http://h:1/odd', 'http://h:1/odd/mcp'], []],
] as const)('%s (%s)', (url, transport, mcp, sse) => {
  expect(listCandidates(url, transport)).toEqual({ mcp, sse });
});

test('the endpoint event is found whatever its line ends, and not before it is whole', () => {
  for (const end of ['\n', '\r\n', '\r'])
    expect(findEndpointEvent(`: hello${end}${end}event: endpoint${end}data: /message?s=1${end}${end}`)).toBe(
      '/message?s=1',
    );
  expect(findEndpointEvent('event:endpoint\ndata:/m\n\n')).toBe('/m');
  expect(findEndpointEvent('event: endpoint\ndata: /mess')).toBeUndefined();
  expect(findEndpointEvent('event: message\ndata: {}\n\n')).toBeUndefined();
});

test('where messages go is read in every form, and nowhere else than the same origin', () => {
  const at = 'http://h:1/a/sse';
  expect(readMessageEndpoint('/message?sessionId=x', at)).toEqual({
    message: '/message',
    messageForm: 'root',
    messageWritten: '/message',
  });
  expect(readMessageEndpoint('http://h:1/m?s=1', at)).toMatchObject({ message: '/m', messageForm: 'absolute' });
  expect(readMessageEndpoint('message?s=1', at)).toMatchObject({
    message: '/a/message',
    messageForm: 'relative',
    messageWritten: 'message',
  });
  expect(readMessageEndpoint('http://evil.example/m', at)).toBeUndefined();
  expect(readMessageEndpoint('//evil.example/m', at)).toBeUndefined();
});

test('foreign words are one short line without unseen characters and secrets', () => {
  const secrets = listSecrets({ Authorization: 'Bearer abcdef', 'X-Key': 'k' }, 'token=q1w2e3');
  expect(secrets).toContain('abcdef');
  expect(quoteForeign('no:\n abcdef \u202eq1w2e3\u0007!', 80, secrets)).toBe('no: (secret) (secret) !');
  expect(quoteForeign('x'.repeat(200), 10)).toBe(`${'x'.repeat(9)}…`);
});
