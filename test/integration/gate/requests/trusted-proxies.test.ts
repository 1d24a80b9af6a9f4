import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, callBody } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend, type RecordingBackend } from '../../../support/nginx/record-backend.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';

const forwarded = {
  'X-Forwarded-For': '203.0.113.9, 10.1.2.3',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Host': 'public.test',
};

describe.each(NGINX_KINDS)('X-Forwarded-* at $name NGINX', (kind) => {
  let registry: RecordingBackend;
  let backend: RecordingBackend;
  const start = (trustedProxies: string[]) =>
    startGate(kind, [{ path: 'weather', instances: [planInstance('i1', `${backend.url}/mcp`)] }], {
      registry: `127.0.0.1:${registry.port}`,
      hosts: ['public.test'],
      hstsMaxAgeS: 600,
      trustedProxies,
    });
  beforeAll(async () => {
    [registry, backend] = [await startRecordingBackend(), await startRecordingBackend()];
  });
  afterAll(async () => {
    await registry.close();
    await backend.close();
  });

  const whileRunning = async (proxies: string[], work: (gate: RunningGate) => Promise<void>) => {
    const gate = await start(proxies);
    await work(gate).finally(() => gate.close());
  };

  test('are used when a trusted proxy sends them: address, scheme and host', async () => {
    await whileRunning(['127.0.0.1', '10.0.0.0/8'], async (gate) => {
      const headers = { ...forwarded, Host: 'inner-name:8080' };
      const reply = await ask(gate.url, '/api/session', { headers });
      expect(registry.requests.at(-1)?.headers).toMatchObject({
        'x-forwarded-for': '203.0.113.9',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'public.test',
      });
      expect(reply.headers['strict-transport-security']).toBe('max-age=600');
      const key = gate.access.addAgent('bob');
      expect((await ask(gate.url, '/weather/mcp', { key, headers, body: callBody('x') })).status).toBe(200);
      await waitFor('the line of the call', () => gate.calls().length > 0);
      expect(gate.calls().at(-1)).toMatchObject({ status: 200, address: '203.0.113.9' });
      const elsewhere = await ask(gate.url, '/weather', {
        key,
        headers: { ...headers, 'X-Forwarded-Host': 'evil.test' },
      });
      expect(elsewhere.json).toMatchObject({ error: { data: { reason: 'host_refused' } } });
    });
  });

  // A proxy overwrites the headers that it knows; others of a client are sent before them, or alone.
  test('are ignored if their names are only similar', async () => {
    await whileRunning(['127.0.0.1'], async (gate) => {
      const key = gate.access.addAgent('bob');
      const { 'X-Forwarded-For': _, ...own } = forwarded;
      const misspelt = {
        X_Forwarded_Host: 'evil.test',
        'X_Forwarded-Host': 'evil.test',
        'X-Forwarded_Host': 'evil.test',
        X_Forwarded_Proto: 'http',
      };
      const call = (headers: object) =>
        ask(gate.url, '/weather', { key, headers: { Host: 'inner-name', ...headers }, body: callBody('x') });
      const named = await call({ ...misspelt, ...own });
      expect(named.status).toBe(200);
      expect(named.headers['strict-transport-security']).toBe('max-age=600');
      await ask(gate.url, '/api/session', { headers: { Host: 'inner-name', ...misspelt, ...own } });
      expect(registry.requests.at(-1)?.headers).toMatchObject({
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'public.test',
      });
      // Alone they set neither host nor scheme.
      const good = { X_Forwarded_Host: 'public.test', X_Forwarded_Proto: 'https' };
      for (const path of ['/weather', '/api/session']) {
        const reply = await ask(gate.url, path, { key, headers: { Host: 'evil.test', ...good } });
        expect([403, 421], path).toContain(reply.status);
        expect(reply.headers['strict-transport-security']).toBeUndefined();
      }
      // Nor do real ones that are sent twice.
      const twice = await call({ 'X-Forwarded-Host': ['public.test', 'public.test'] });
      expect(twice.json).toMatchObject({ error: { data: { reason: 'host_refused' } } });
    });
  });

  test('are ignored when any other client sends them', async () => {
    for (const proxies of [[], ['192.0.2.1', '2001:db8::/32']])
      await whileRunning(proxies, async (gate) => {
        const reply = await ask(gate.url, '/api/session', { headers: forwarded });
        expect(registry.requests.at(-1)?.headers).toMatchObject({
          'x-forwarded-for': '127.0.0.1',
          'x-forwarded-proto': 'http',
          'x-forwarded-host': new URL(gate.url).host,
        });
        expect(reply.headers['strict-transport-security']).toBeUndefined();
      });
  });
});
