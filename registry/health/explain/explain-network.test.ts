import { expect, test } from 'vitest';
import { AddressRejected } from '../../upstream/index.ts';
import { explainNetworkError, isUnreachable, listCauses } from './explain-network.ts';

const coded = (code: string) => Object.assign(new Error(code), { code });
const request = { step: 'initialize', url: 'http://h.test:1/mcp', registered: 'http://h.test:1', timeoutMs: 300 };
const explain = (error: unknown) => explainNetworkError(error, request)?.problem ?? null;

test.each([
  ['ECONNREFUSED', /refused the connection/],
  ['ENOTFOUND', /The name h\.test does not exist/],
  ['EAI_AGAIN', /could not be resolved/],
  ['EHOSTUNREACH', /no route to h\.test/],
  ['SELF_SIGNED_CERT_IN_CHAIN', /certificate of h\.test is not trusted \(self signed cert in chain\)/],
  ['EPROTO', /does not support TLS/],
  ['UND_ERR_CONNECT_TIMEOUT', /Connecting to it timed out/],
  ['ECONNRESET', /closed the connection/],
  ['HPE_INVALID_CONSTANT', /does not support HTTP/],
  ['UND_ERR_HEADERS_OVERFLOW', /more than 32 KB of headers/],
])('%s, also as the cause of another error', (code, problem) => {
  expect(explain(coded(code))).toMatch(problem);
  expect(explain(new TypeError('fetch failed', { cause: coded(code) }))).toMatch(problem);
  expect(explain(new Error('all', { cause: new AggregateError([coded(code)]) }))).toMatch(problem);
});

test('other errors', () => {
  expect(explain(new AddressRejected('no'))).toBe(
    'The address may not be a backend: no. Failed step: initialize at http://h.test:1/mcp, registered as http://h.test:1',
  );
  expect(explain(new DOMException('late', 'TimeoutError'))).toMatch(/did not respond within 300 ms/);
  expect(explain(new Error('bad port'))).toMatch(/refuse to connect to port 1/);
  expect(explain(new Error('anything else'))).toBeNull();
  expect(explain(null)).toBeNull();
});

test('a chain of causes is bounded, even if it is circular', () => {
  const error = new Error('a');
  error.cause = error;
  expect(listCauses(error)).toHaveLength(8);
});

test('an unreachable server is distinguished from one that sends no usable response', () => {
  expect(
    ['ECONNREFUSED', 'ENOTFOUND', 'CERT_HAS_EXPIRED', 'UND_ERR_CONNECT_TIMEOUT'].map((code) =>
      isUnreachable(coded(code)),
    ),
  ).not.toContain(false);
  expect([coded('ECONNRESET'), new DOMException('late', 'TimeoutError'), null].map(isUnreachable)).not.toContain(true);
});
