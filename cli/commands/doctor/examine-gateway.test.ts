import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createKey } from '../../../registry/access/agents/key.ts';
import { createServerView } from '../../../test/support/registry/create-server-view.ts';
import { createApi } from '../../api/index.ts';
import { createOutput } from '../../output/index.ts';
import { VERSION } from '../../version.ts';
import { examineGateway } from './examine-gateway.ts';

// What the doctor reports about a gateway; a small server responds like a gateway with one fault.
const KEY = createKey();
let gateway: Server | undefined;
afterEach(() => {
  gateway?.closeAllConnections();
  gateway?.close();
});

type Responses = Record<string, { status?: number; headers?: Record<string, string>; body: object }>;

const SETTINGS = {
  ...{ healthCron: '*/30 * * * * *', healthTimeoutMs: 1_000, agentLimits: { zone: 'UTC', rules: [] } },
  ...{ gatewayUrl: 'http://localhost', version: VERSION, managed: [], revision: 1 },
};
const HEALTHY: Responses = {
  '/readyz': { body: { status: 'ready', published: true, generation: 1 } },
  '/health': { body: { status: 'healthy' } },
  '/api/session': { status: 403, body: {} },
  '/api/settings': { body: SETTINGS },
  '/api/servers': { body: { items: [createServerView('weather')] } },
  '/api/agents': { body: { items: [] } },
  '/api/gateway': {
    body: {
      ...{ gatewayUrl: 'http://localhost', versions: { mcpgw: VERSION, nginx: '1.22.1', node: '24.0.0' } },
      ...{ processes: [], settings: [], certificates: [], problems: [], rollback: null },
    },
  },
  '/api/kill': { body: { items: [] } },
};

/** The findings at a gateway with these responses, each as `check: message → hint`. */
async function find(responses: Responses): Promise<{ messages: string[]; skipped: string | null }> {
  gateway = createServer((request, response) => {
    const {
      status = 200,
      headers = {},
      body,
    } = { ...HEALTHY, ...responses }[(request.url ?? '').split('?')[0] ?? ''] ?? {
      status: 404,
      body: {},
    };
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
  const server = gateway;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { findings, skipped } = await examineGateway({
    env: { MCPGW_KEY: KEY },
    options: { url },
    output: createOutput(false),
    api: () => Promise.resolve(createApi(url, {})),
  });
  return { messages: findings.map(({ check, message, hint }) => `${check}: ${message} → ${hint}`), skipped };
}

test('a healthy gateway has no findings', async () => {
  expect(await find({})).toEqual({ messages: [], skipped: null });
});

test('a gateway that is not ready is reported with its own message, and nothing else is requested', async () => {
  const body = { status: 'not ready', detail: 'the registry has no database', hint: 'Look there.' };
  const { messages, skipped } = await find({ '/readyz': { status: 503, body } });
  expect(messages).toEqual([
    expect.stringMatching(/^gateway: .* is not ready: the registry has no database → Look there\.$/),
  ]);
  expect(skipped).toContain('were not checked');
});

test('a failed publish is reported with the reason from the gateway', async () => {
  const { messages } = await find({
    '/readyz': { body: { status: 'ready', published: false } },
    '/health': { status: 503, body: { status: 'unhealthy', error: 'NGINX refused generation 7' } },
  });
  expect(messages).toEqual([expect.stringMatching(/^publishing: NGINX refused generation 7 → GET \/api\/generations/)]);
});

test('a clock difference is reported', async () => {
  const date = new Date(Date.now() - 90_000).toUTCString();
  const { messages } = await find({ '/readyz': { headers: { date }, body: { status: 'ready' } } });
  expect(messages).toEqual([expect.stringMatching(/^clock: .* differ by (89|90|91) s → .*timedatectl/)]);
});

test('a different version is reported', async () => {
  const { messages } = await find({ '/api/settings': { body: { ...SETTINGS, version: '0.0.9' } } });
  expect(messages).toEqual([
    expect.stringMatching(/^version: the gateway is version 0\.0\.9, this command .* → Restart/),
  ]);
});

test('a host name that cannot be resolved is reported', async () => {
  // Some resolvers answer for every name; a label of 64 characters is not valid (RFC 1035 §2.3.4).
  const host = `${'x'.repeat(64)}.example.com`;
  const one = { id: 'i', url: `http://${host}/mcp`, weight: 1, enabled: true, up: true, endpoints: null };
  const server = { ...createServerView('weather'), instances: [one] };
  const found = await find({ '/api/servers': { body: { items: [server] } } });
  expect(found.messages).toEqual([
    expect.stringMatching(/^DNS: the name x{64}\.example\.com \(server weather\) cannot .* → .*resolv\.conf/),
  ]);
});

test('expired keys are reported; of many findings the first are listed and the others counted', async () => {
  const expired = new Date(Date.now() - 86_400_000).toISOString();
  const key = { id: 'k', label: 'old', hint: 'abcd', createdAt: '2026-01-01T00:00:00.000Z', expiresAt: expired };
  const agent = (name: string) => ({
    ...{
      name,
      description: '',
      owner: '',
      tags: [],
      groups: [],
      role: null,
      enabled: true,
      expiresAt: null,
      grants: [],
    },
    ...{ enforced: true, managedBy: null, toolList: 'auto', createdAt: expired, lastUsedAt: null, revision: 1 },
    keys: [{ ...key, servers: null, lastUsedAt: null, managedBy: null }],
  });
  const items = Array.from({ length: 23 }, (_, at) => agent(`agent-${at}`));
  const { messages } = await find({ '/api/agents': { body: { items } } });
  expect(messages[0]).toMatch(/^agent: agent agent-0 is expired: Its key old expired → mcpgw agents show agent-0$/);
  expect(messages).toHaveLength(21);
  expect(messages.at(-1)).toMatch(/^server: 3 more need attention → mcpgw status$/);
});
