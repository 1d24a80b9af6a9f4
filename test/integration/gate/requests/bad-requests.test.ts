import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, callBody, sendRaw } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import type { RunningGate } from '../../../support/nginx/start-gate.ts';
import { startRefusingGate, type RefusingGate } from './rejecting-gate.ts';

// Malformed requests, refused by the gate or by NGINX before it runs: an error response of ours, never HTML (docs/errors.md).
describe.each(NGINX_KINDS)('malformed requests on $name NGINX', (kind) => {
  let gate: RunningGate;
  let key: string;
  let expectRefusal: RefusingGate['expectRefusal'];
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ gate, key, expectRefusal, close } = await startRefusingGate(kind));
  });
  afterAll(() => close());

  const body = callBody('echo', 'abc');

  test('an invalid body gets 400 -32058, one that is too large 413', async () => {
    const expected = { status: 400, code: -32058 };
    await expectRefusal('/weather', { body: '{', key }, { ...expected, reason: 'not_json' });
    await expectRefusal('/weather', { body: '', key, method: 'POST' }, { ...expected, reason: 'body_missing' });
    await expectRefusal(
      '/weather',
      { body: '{"id":3,"method":"x","method":"x"}', key },
      { ...expected, reason: 'key_twice', id: 3 },
    );
    await expectRefusal(
      '/weather',
      { body: 'x', method: 'GET', key, headers: { 'Content-Length': 1 } },
      { ...expected, reason: 'body_unexpected' },
    );
    await expectRefusal(
      '/weather',
      { body: 'x', method: 'DELETE', key, headers: { 'Content-Length': 1 } },
      { ...expected, reason: 'body_unexpected' },
    );
    await expectRefusal(
      '/weather',
      { body, key, headers: { 'Content-Encoding': 'gzip' } },
      { ...expected, reason: 'content_encoding' },
    );
    await expectRefusal(
      '/weather',
      { body: ' '.repeat(100_001), key },
      { status: 413, code: -32058, reason: 'body_too_large' },
    );
    await expectRefusal(
      '/weather',
      { body, key, headers: { 'Mcp-Name': 'other', 'MCP-Protocol-Version': '2025-11-25' } },
      { status: 400, code: -32020, reason: 'header_mismatch', id: 'abc' },
    );
    await expectRefusal(
      '/weather',
      { method: 'PUT', body, key },
      { status: 405, code: -32058, reason: 'method_not_allowed' },
    );
  });

  test('errors that NGINX returns before the gate runs have our format too', async () => {
    const long = await sendRaw(gate.url, `GET /${'x'.repeat(40_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    expect(long).toContain(' 414 ');
    expect(long).toContain('url_too_long');
    const header = await sendRaw(
      gate.url,
      `GET /weather HTTP/1.1\r\nHost: localhost\r\nX-A: ${'x'.repeat(40_000)}\r\n\r\n`,
    );
    expect(header).toMatch(/^HTTP\/1\.1 400 /);
    expect(header).toContain('headers_too_large');
    for (const bytes of [
      'GARBAGE\r\n\r\n',
      'GET /weather HTTP/1.1\r\n\r\n',
      'GET /weather HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
      'POST /weather HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n{}}',
      'POST /weather HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n{}}',
    ]) {
      const reply = await sendRaw(gate.url, bytes);
      expect(reply).toMatch(/^HTTP\/1\.1 400 /);
      expect(reply).toContain('"reason":"bad_request"');
      expect(reply).not.toContain('<html');
    }
    const version = await sendRaw(gate.url, 'GET /weather HTTP/3.7\r\nHost: localhost\r\n\r\n');
    expect(version).toMatch(/^HTTP\/1\.1 (505|400) /);
    expect(version).not.toContain('<html');
    expect((await ask(gate.url, '/weather', { method: 'TRACE', key })).json).toMatchObject({
      error: { data: { status: 405 } },
    });
  });
});
