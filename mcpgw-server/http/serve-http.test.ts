import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import { call, prepareManagement } from '../../test/support/management/prepare-management.ts';
import { weather } from '../../test/support/management/recording-registry.ts';
import { waitFor } from '../../test/support/wait-for.ts';

const on = prepareManagement();

test('without a key no request is sent to the registry, even with user name and password', async () => {
  const result = await call(await on.connect({}), 'refresh_service', {
    service_path: 'x',
    username: 'admin',
    password: 'p',
  });
  expect(result.isError).toBe(true);
  expect(result.content[0]?.text).toContain('Authorization: Bearer');
  expect(on.registry.seen).toEqual([]);
});

test('no concurrent caller uses the key of another', async () => {
  const waiting: (() => void)[] = [];
  // Responses are in reverse order and contain the key that was used.
  on.registry.answer = async ({ authorization }) => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return { status: 200, body: { items: [{ ...weather, name: authorization }] } };
  };
  const names = Array.from({ length: 10 }, (_, n) => `caller${n}`);
  const clients = await Promise.all(names.map((name) => on.connect({ authorization: `Bearer mgw_${name}` })));
  const results = names.flatMap((name, n) =>
    [1, 2, 3].map(async () => {
      const { structuredContent } = await call(clients[n]!, 'list_services');
      return [name, (structuredContent as { services: { name: string }[] }).services[0]?.name];
    }),
  );
  await waitFor('30 concurrent requests', () => waiting.length === 30);
  for (const release of waiting.reverse()) release();
  for (const [name, used] of await Promise.all(results)) expect(used).toBe(`Bearer mgw_${name}`);
});

test('modern clients use the same URL', async () => {
  on.registry.answer = () => ({ status: 200, body: { items: [weather] } });
  const client = new ModernClient({ name: 'modern', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  on.closers.push(() => client.close());
  const headers = { authorization: 'Bearer mgw_eve' };
  await client.connect(new ModernTransport(new URL(on.management.url), { requestInit: { headers } }));
  expect(client.getProtocolEra()).toBe('modern');
  const result = await client.callTool({ name: 'list_services', arguments: {} });
  expect(result.structuredContent).toMatchObject({ services: [{ service_path: '/team/weather' }] });
  expect(on.registry.seen[0]?.authorization).toBe('Bearer mgw_eve');
});

test('another Host or Origin is refused, and other paths are JSON 404', async () => {
  const { host } = new URL(on.management.url);
  const send = async (headers: Record<string, string>, path = '/mcp') => {
    const [name, port] = host.split(':');
    const sent = requestHttp({ host: name, port, path, method: 'POST', headers: { host, ...headers } }).end('{}');
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  };
  expect(await send({ host: 'evil.example.com' })).toBe(403);
  expect(await send({ origin: 'https://evil.example.com' })).toBe(403);
  expect(await send({ origin: 'https://gateway.example.com' })).not.toBe(403);
  expect(await send({}, '/other')).toBe(404);
  expect(await send({}, '/healthz')).toBe(200);
});
