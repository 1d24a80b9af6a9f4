import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resolveMessageEndpoint } from './resolve-message-endpoint.ts';

const STREAM = '/a/sse';

test.each([
  ['/message?sessionId=x', '/message', 'sessionId=x'],
  ['/mcp_server/messages/0123456789abcdef', '/mcp_server/messages/0123456789abcdef', ''],
  ['message?s=1', '/a/message', 's=1'],
  ['./message', '/a/message', ''],
  ['../message', '/message', ''],
  ['?sessionId=1', '/a/sse', 'sessionId=1'],
  ['http://h:1/m?s=1', '/m', 's=1'],
  ['HTTPS://0.0.0.0:8000/m/', '/m/', ''],
  ['//inner.test/m?a=/b?c', '/m', 'a=/b?c'],
  ['http://inner.test?s=1', '/', 's=1'],
  ['http://inner.test', '/', ''],
  ['///inner.test/m', '/m', ''],
  [' /m ', '/m', ''],
  ['/a//b/./c/../d/..', '/a//b/', ''],
])('%s resolves to %s', (written, path, query) => {
  expect(resolveMessageEndpoint(written, STREAM)).toEqual({ path, query });
});

test.each([
  '',
  '  ',
  'javascript:x',
  'ftp://h/m',
  '/a b',
  '/ä',
  '/a\\b',
  '/a#b',
  "/a?b='",
  '/a/%2e%2e/b',
  '/{id}',
  '/a"b',
])('%j is rejected: a client could not send it back as it was signed', (written) => {
  expect(resolveMessageEndpoint(written, STREAM)).toBeUndefined();
});

test('references are resolved as clients resolve them', () => {
  const part = fc.stringMatching(/^[a-z.%2eA-Z0-9_~;=:@[\]!$&()*+,-]{0,6}$/);
  const reference = fc
    .tuple(
      fc.constantFrom('', '/', '//h.test/', 'http://h.test/', 'http://h.test', '../', './', '?'),
      fc.array(part, { maxLength: 4 }),
      fc.option(part),
    )
    .map(([start, path, query]) => `${start}${path.join('/')}${query === null ? '' : `?${query}`}`);
  fc.assert(
    fc.property(reference, fc.constantFrom('/sse', '/', '/a/b/'), (written, stream) => {
      const resolved = resolveMessageEndpoint(written, stream);
      if (resolved === undefined || !URL.canParse(written, `http://r.test${stream}`)) return;
      const { pathname, search } = new URL(written, `http://r.test${stream}`);
      expect(resolved).toEqual({ path: pathname, query: search.slice(1) });
      // A client does not change the URL that the gate builds from it.
      const rewritten = `/p/sse/-${resolved.path}?${resolved.query}`;
      const sent = new URL(rewritten, 'http://gateway.test');
      expect(`${sent.pathname}?${sent.search.slice(1)}`).toBe(rewritten);
    }),
    { numRuns: 2_000 },
  );
});
