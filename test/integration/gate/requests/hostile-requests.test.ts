import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, callBody, sendRaw } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import type { RecordingBackend } from '../../../support/nginx/record-backend.ts';
import type { RunningGate } from '../../../support/nginx/start-gate.ts';
import { startTwoBackends } from '../forward/two-backends.ts';

// Neither a path nor a body gets a request to another server (docs/gate.md).
describe.each(NGINX_KINDS)('hostile requests on $name NGINX', (kind) => {
  let one: RecordingBackend;
  let two: RecordingBackend;
  let gate: RunningGate;
  let close: () => Promise<void>;
  const body = callBody('echo');

  beforeAll(async () => {
    ({ one, two, gate, close } = await startTwoBackends(kind));
  });
  afterAll(() => close());

  test('no manipulated path reaches another server, or another path of a backend', async () => {
    const only = gate.access.addAgent('only-one', { grants: [{ server: 'one', tools: ['*'] }] });
    const before = two.requests.length;
    for (const path of [
      '/one/../two/mcp',
      '/one/%2e%2e/two/mcp',
      '/one/..%2ftwo/mcp',
      '/one%2f..%2ftwo/mcp',
      '//two/mcp',
      '/one//mcp',
      '/./two/mcp',
      '/one/mcp/../../two/mcp',
      '/one/mcp/extra',
      '/one/sse/-/../../../two/mcp',
      '/ONE/mcp',
      '/one/mcp%00',
      '/one;/mcp',
      '/one/mcp#/two',
      '/%6fne/mcp',
      '/_up/two/i1/mcp',
      '/one/_up/two/i1/mcp',
    ]) {
      const ones = one.requests.length;
      const reply = await ask(gate.url, path, { body, key: only }).catch(() => null);
      expect(two.requests.length, path).toBe(before);
      expect(one.requests.length, path).toBe(ones);
      if (reply !== null) expect([400, 403, 404, 405], path).toContain(reply.status);
    }
    const absolute = await sendRaw(
      gate.url,
      `POST http://two/one/mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer ${only}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(absolute).toMatch(/^HTTP\/1\.1 (200|400|403) /);
    expect(two.requests.length).toBe(before);
  });

  test('no request is smuggled in another', async () => {
    const only = gate.access.addAgent('smuggler', { grants: [{ server: 'one', tools: ['*'] }] });
    const before = two.requests.length;
    const inner = 'POST /two/mcp HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}';
    const head = `POST /one/mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer ${only}\r\n`;
    for (const bytes of [
      `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
      `${head}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n${inner}`,
      `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${inner}`,
      `${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${inner}`,
      `${head}X: y\nContent-Length: 0\n\n${inner}`,
    ]) {
      const reply = await sendRaw(gate.url, bytes);
      expect(reply).not.toContain('<html');
      expect(two.requests.length).toBe(before);
    }
  });
});
