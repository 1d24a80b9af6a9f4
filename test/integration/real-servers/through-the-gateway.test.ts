import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startModernOnly } from '../../fixtures/backends/compliant/modern-only.ts';
import { startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';
import { startEverything, startServer, type Running } from '../servers/running.ts';

// Unmodified servers from npm, registered by their base URL, called by unmodified clients of both SDK lines through the gateway.
let gateway: Gateway;
let key: string;
const ends: (() => Promise<unknown>)[] = [];

async function run(path: string, starting: Promise<Running>, more: object = {}): Promise<void> {
  const running = await starting;
  ends.push(() => running.stop());
  const change = await gateway.register({ path, url: `http://localhost:${running.port}`, ...more });
  expect(change, `${path}: ${change.error}`).toMatchObject({ applied: true, health: 'healthy' });
}

beforeAll(async () => {
  gateway = await startGateway({ supervised: false, env: { HEALTH_TIMEOUT_MS: '20000' } });
  ends.push(() => gateway.close());
  await run('everything', startEverything('streamableHttp'));
  await run('team/old', startEverything('sse'));
  await run(
    'playwright',
    startServer('playwright-mcp', (port) => ['--headless', '--port', String(port)]),
  );
  await run(
    'context7',
    startServer('context7-mcp', (port) => ['--transport', 'http', '--port', String(port)]),
  );
  await run(
    'notion',
    startServer(
      'notion-mcp-server',
      (port) => ['--transport', 'http', '--port', String(port), '--auth-token', 'secret-of-notion'],
      () => ({ NOTION_TOKEN: 'x' }),
    ),
    { headers: { Authorization: 'Bearer secret-of-notion' } },
  );
  const modern = await startModernOnly();
  ends.push(() => modern.close());
  await gateway.register({ path: 'modern', url: modern.url });
  key = (await gateway.createAgent(['*'])).key;
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

const at = (path: string) => new URL(`${gateway.url}/${path}`);
const init = () => ({ requestInit: { headers: { authorization: `Bearer ${key}` } } });

async function listByLegacy(address: string): Promise<number> {
  const client = new LegacyClient({ name: 'old', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(at(address), init()));
  const { tools } = await client.listTools();
  await client.close();
  return tools.length;
}

async function listByModern(address: string): Promise<{ era: string | undefined; tools: number }> {
  const client = new ModernClient({ name: 'new', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new ModernTransport(at(address), init()));
  const { tools } = await client.listTools();
  const era = client.getProtocolEra();
  await client.close();
  return { era, tools: tools.length };
}

test.each([
  ['everything/mcp', 13, 'legacy'],
  ['everything', 13, 'legacy'],
  ['everything/', 13, 'legacy'],
  ['playwright/mcp', 25, 'legacy'],
  ['context7/mcp', 2, 'modern'],
  ['notion/mcp', 24, 'legacy'],
])('%s lists its %i tools to clients of both SDK lines, in the %s era where both can', async (address, tools, era) => {
  expect(await listByLegacy(address)).toBe(tools);
  expect(await listByModern(address)).toEqual({ era, tools });
});

test('a modern-only server can be called by modern clients only', async () => {
  expect((await listByModern('modern/mcp')).era).toBe('modern');
  await expect(listByLegacy('modern/mcp')).rejects.toThrow();
});

test('a server that has only the old SSE transport is called below a path of two segments', async () => {
  const client = new LegacyClient({ name: 'sse', version: '1' });
  const authorized: typeof fetch = (url, options) => {
    const headers = new Headers(options?.headers);
    headers.set('authorization', `Bearer ${key}`);
    return fetch(url, { ...options, headers });
  };
  await client.connect(
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only transport of such servers
    new SSEClientTransport(at('team/old/sse'), { fetch: authorized, eventSourceInit: { fetch: authorized } }),
  );
  expect((await client.listTools()).tools).toHaveLength(13);
  const result = await client.callTool({ name: 'echo', arguments: { message: 'by sse' } });
  expect(JSON.stringify(result.content)).toContain('by sse');
  await client.close();
});
