import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, callBody } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import type { RunningGate } from '../../../support/nginx/start-gate.ts';
import { startTwoBackends } from '../forward/two-backends.ts';

// Which hosts and pages are served, and what a page may read (docs/gate.md).
describe.each(NGINX_KINDS)('the guard of $name NGINX', (kind) => {
  let gate: RunningGate;
  let key: string;
  let close: () => Promise<void>;
  const body = callBody('echo');

  beforeAll(async () => {
    ({ gate, key, close } = await startTwoBackends(kind));
  });
  afterAll(() => close());

  test('Host and Origin are checked, and the refusal names the setting', async () => {
    const refused = await ask(gate.url, '/two', { body, key, headers: { Host: 'evil.test' } });
    expect(refused.json).toMatchObject({ error: { code: -32053, data: { status: 403, reason: 'host_refused' } } });
    expect(refused.text).toContain('ALLOWED_HOSTS');
    // Before the key or the path is checked.
    for (const path of ['/two', '/nowhere'])
      expect((await ask(gate.url, path, { body, headers: { Host: 'evil.test' } })).json).toMatchObject({
        error: { data: { reason: 'host_refused' } },
      });
    const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket' };
    expect((await ask(gate.url, '/two', { body, headers: upgrade })).json).toMatchObject({
      error: { data: { reason: 'upgrade_refused' } },
    });
    for (const host of ['localhost:1', '127.0.0.1', '[::1]:80', '10.1.2.3', 'GATEWAY.test', 'gateway.test:8080'])
      expect((await ask(gate.url, '/two', { body, key, headers: { Host: host } })).status, host).toBe(200);
    for (const host of ['gateway.test.evil.test', 'xgateway.test', 'localhost.evil.test', '1.2.3.4.evil.test'])
      expect((await ask(gate.url, '/two', { body, key, headers: { Host: host } })).status, host).toBe(403);
    for (const origin of ['https://evil.test', 'null', 'https://chat.test.evil.test', 'http://localhost.evil.test'])
      expect((await ask(gate.url, '/two', { body, key, headers: { Origin: origin } })).text, origin).toContain(
        'ALLOWED_ORIGINS',
      );
  });

  test('pages of allowed origins may call, others may not', async () => {
    const preflight = (origin: string) =>
      ask(gate.url, '/two/mcp', {
        method: 'OPTIONS',
        headers: {
          Origin: origin,
          'Access-Control-Request-Method': 'POST',
          'Access-Control-Request-Headers': 'authorization, mcp-session-id, mcp-param-x',
        },
      });
    const good = await preflight('https://chat.test');
    expect(good.status).toBe(204);
    expect(good.headers).toMatchObject({
      'access-control-allow-origin': 'https://chat.test',
      'access-control-allow-headers': 'authorization, mcp-session-id, mcp-param-x',
      vary: 'Origin',
    });
    expect(good.headers['access-control-allow-methods']).toContain('DELETE');
    const bad = await preflight('https://evil.test');
    expect(bad.status).toBe(403);
    expect(bad.headers['access-control-allow-origin']).toBeUndefined();
    const call = await ask(gate.url, '/two', { body, key, headers: { Origin: 'http://localhost:5173' } });
    expect(call.headers['access-control-allow-origin']).toBe('http://localhost:5173');
    expect(call.headers['access-control-expose-headers']).toBe(
      'Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate, Retry-After',
    );
    const refused = await ask(gate.url, '/two', { body, headers: { Origin: 'http://localhost:5173' } });
    expect(refused.status).toBe(401);
    expect(refused.headers['access-control-expose-headers']).toContain('WWW-Authenticate');
  });
});
