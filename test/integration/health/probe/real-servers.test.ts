import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { waitFor } from '../../../support/wait-for.ts';
import { actor } from '../../servers/catalogue.ts';
import { startEverything, startServer, type Running } from '../../servers/running.ts';
import { openHealth, type HealthSetup } from '../open-health.ts';

// Unmodified servers from npm.
let it: HealthSetup;
const servers: Record<string, Running> = {};
const serverAt = (name: string) => {
  const running = servers[name];
  if (running === undefined) throw new Error(`${name} does not run`);
  return running;
};

beforeAll(async () => {
  servers['everything'] = await startEverything('streamableHttp');
  servers['old'] = await startEverything('sse');
  servers['playwright'] = await startServer('playwright-mcp', (port) => ['--headless', '--port', String(port)]);
  servers['context7'] = await startServer('context7-mcp', (port) => ['--transport', 'http', '--port', String(port)]);
  servers['notion'] = await startServer(
    'notion-mcp-server',
    (port) => ['--transport', 'http', '--port', String(port), '--auth-token', 'secret-of-notion'],
    () => ({ NOTION_TOKEN: 'x' }),
  );
});
afterAll(async () => {
  for (const running of Object.values(servers)) await running.stop();
});
beforeEach(async () => {
  it = await openHealth({ timeoutMs: 20_000 });
});
afterEach(async () => {
  await it.close();
  expect(it.logged).toEqual([]);
});

const register = async (path: string, url: string, more: object = {}) => {
  const { server } = await it.servers.register(actor, it.input({ path, url, ...more }));
  return server;
};

test('server-everything over Streamable HTTP: each session that is opened is ended', async () => {
  const { port, output } = serverAt('everything');
  expect(await register('everything', `http://127.0.0.1:${port}`)).toMatchObject({
    status: 'healthy',
    era: 'legacy',
    toolCount: 13,
    endpoints: { mcp: true, sse: false },
  });
  for (let round = 0; round < 5; round += 1) await it.health.sweep();
  const count = (pattern: RegExp) => (output().match(pattern) ?? []).length;
  await waitFor('every session to end', () => count(/Session initialized/g) === count(/removing from transports map/g));
  expect(count(/Session initialized/g)).toBe(6);
  expect((await it.servers.get('everything')).status).toBe('healthy');
});

test('server-everything over SSE', async () => {
  const { port } = serverAt('old');
  expect(await register('old', `http://127.0.0.1:${port}/`)).toMatchObject({
    status: 'healthy',
    toolCount: 13,
    endpoints: { mcp: false, sse: true },
    instances: [{ endpoints: { mcp: null, sse: `http://127.0.0.1:${port}/sse` } }],
  });
  await it.health.sweep();
  expect((await it.servers.get('old')).status).toBe('healthy');
});

test('playwright-mcp: both endpoints, and its Host check explained', async () => {
  const { port } = serverAt('playwright');
  expect(await register('browser', `http://localhost:${port}`)).toMatchObject({
    status: 'healthy',
    endpoints: { mcp: true, sse: true },
  });
  expect((await it.tools.tools('browser')).tools.length).toBeGreaterThan(15);
  const refused = await register('refused', `http://127.0.0.1:${port}`);
  expect(refused.status).toBe('unhealthy');
  expect(refused.error).toMatch(/rejects the Host header 127\.0\.0\.1:\d+ .*localhost instead of 127\.0\.0\.1/);
});

test('context7: modern, and checked in its own era', async () => {
  const { port } = serverAt('context7');
  expect(await register('context7', `http://127.0.0.1:${port}/mcp`)).toMatchObject({
    status: 'healthy',
    era: 'modern',
    protocolVersion: '2026-07-28',
    toolCount: 2,
  });
  for (let round = 0; round < 3; round += 1) await it.health.sweep();
  expect((await it.servers.get('context7')).status).toBe('healthy');
});

test('notion: requires its own credential while it is missing or wrong', async () => {
  const { port } = serverAt('notion');
  const bare = await register('notion', `http://127.0.0.1:${port}/mcp`);
  expect(bare.status).toBe('auth_required');
  expect(bare.error).toMatch(/headers\.Authorization/);
  const change = async (Authorization: string) => {
    const { server } = await it.servers.change(actor, 'notion', it.patch({ headers: { Authorization } }));
    return server;
  };
  expect(await change('Bearer secret-of-notion')).toMatchObject({ status: 'healthy', toolCount: 24, error: null });
  await it.health.sweep();
  expect((await it.servers.get('notion')).status).toBe('healthy');
  const wrong = await change('Bearer of-nobody');
  // Its tools stay known while it cannot be queried.
  expect(wrong).toMatchObject({ status: 'auth_required', toolCount: 24 });
  expect(wrong.error).toMatch(/was not accepted|not sufficient/);
  expect(JSON.stringify(wrong)).not.toContain('of-nobody');
});

test('the texts of real tools are not flagged as dangerous', async () => {
  await register('everything', `http://127.0.0.1:${serverAt('everything').port}`);
  await register('browser', `http://localhost:${serverAt('playwright').port}`);
  await register('context7', `http://127.0.0.1:${serverAt('context7').port}/mcp`);
  await register('notion', `http://127.0.0.1:${serverAt('notion').port}/mcp`, {
    headers: { Authorization: 'Bearer secret-of-notion' },
  });
  const flagged = [];
  for (const path of ['everything', 'browser', 'context7', 'notion'])
    for (const { name, findings } of (await it.tools.tools(path)).tools)
      for (const finding of findings) flagged.push({ name, ...finding });
  expect(flagged.filter(({ severity }) => severity === 'danger')).toEqual([]);
});
