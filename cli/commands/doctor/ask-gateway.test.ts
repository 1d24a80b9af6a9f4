import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createKey } from '../../../registry/access/agents/key.ts';
import { makeServerView } from '../../../test/support/registry/make-server-view.ts';
import { createApi } from '../../api/index.ts';
import { createOutput } from '../../output/index.ts';
import { VERSION } from '../../version.ts';
import { askGateway } from './ask-gateway.ts';

// What the doctor says of a gateway, with a small server in its place that answers as a gateway with one thing wrong would.
const KEY = createKey();
let gateway: Server | undefined;
afterEach(() => {
  gateway?.closeAllConnections();
  gateway?.close();
});

type Answers = Record<string, { status?: number; headers?: Record<string, string>; body: object }>;

const SETTINGS = {
  ...{ healthCron: '*/30 * * * * *', healthTimeoutMs: 1_000, agentLimits: { zone: 'UTC', rules: [] } },
  ...{ gatewayUrl: 'http://localhost', version: VERSION, managed: [], revision: 1 },
};
const WELL: Answers = {
  '/readyz': { body: { status: 'ready', published: true, generation: 1 } },
  '/health': { body: { status: 'healthy' } },
  '/api/session': { status: 403, body: {} },
  '/api/settings': { body: SETTINGS },
  '/api/servers': { body: { items: [makeServerView('weather')] } },
  '/api/agents': { body: { items: [] } },
  '/api/gateway': {
    body: {
      ...{ gatewayUrl: 'http://localhost', versions: { mcpgw: VERSION, nginx: '1.22.1', node: '24.0.0' } },
      ...{ processes: [], settings: [], certificates: [], problems: [], rollback: null },
    },
  },
  '/api/kill': { body: { items: [] } },
};

/** What is found at a gateway that answers so, each as `check: message → hint`. */
async function find(answers: Answers): Promise<{ said: string[]; skipped: string | null }> {
  gateway = createServer((request, response) => {
    const {
      status = 200,
      headers = {},
      body,
    } = { ...WELL, ...answers }[(request.url ?? '').split('?')[0] ?? ''] ?? {
      status: 404,
      body: {},
    };
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  });
  const server = gateway;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { findings, skipped } = await askGateway({
    env: { MCPGW_KEY: KEY },
    options: { url },
    output: createOutput(false),
    api: () => Promise.resolve(createApi(url, {})),
  });
  return { said: findings.map(({ check, message, hint }) => `${check}: ${message} → ${hint}`), skipped };
}

test('a gateway that is well', async () => {
  expect(await find({})).toEqual({ said: [], skipped: null });
});

test('one that is not ready, in its own words; nothing more is asked', async () => {
  const body = { status: 'not ready', detail: 'the registry has no database', hint: 'Look there.' };
  const { said, skipped } = await find({ '/readyz': { status: 503, body } });
  expect(said).toEqual([
    expect.stringMatching(/^gateway: .* is not ready: the registry has no database → Look there\.$/),
  ]);
  expect(skipped).toContain('could be asked');
});

test('a publish that failed, with the reason that the gateway gives', async () => {
  const { said } = await find({
    '/readyz': { body: { status: 'ready', published: false } },
    '/health': { status: 503, body: { status: 'unhealthy', error: 'NGINX refused generation 7' } },
  });
  expect(said).toEqual([expect.stringMatching(/^publishing: NGINX refused generation 7 → GET \/api\/generations/)]);
});

test('a clock that differs', async () => {
  const date = new Date(Date.now() - 90_000).toUTCString();
  const { said } = await find({ '/readyz': { headers: { date }, body: { status: 'ready' } } });
  expect(said).toEqual([expect.stringMatching(/^clock: .* differ by (89|90|91) s → .*timedatectl/)]);
});

test('another version', async () => {
  const { said } = await find({ '/api/settings': { body: { ...SETTINGS, version: '0.0.9' } } });
  expect(said).toEqual([expect.stringMatching(/^version: the gateway is version 0\.0\.9, this command .* → Restart/)]);
});

test('a name that cannot be looked up', async () => {
  // Some resolvers answer for every name; a label of 64 characters is no name (RFC 1035 §2.3.4).
  const host = `${'x'.repeat(64)}.example.com`;
  const one = { id: 'i', url: `http://${host}/mcp`, weight: 1, enabled: true, up: true, endpoints: null };
  const server = { ...makeServerView('weather'), instances: [one] };
  const found = await find({ '/api/servers': { body: { items: [server] } } });
  expect(found.said).toEqual([
    expect.stringMatching(/^DNS: the name x{64}\.example\.com \(server weather\) cannot .* → .*resolv\.conf/),
  ]);
});

test('keys that have expired; of many findings the first are told and the others counted', async () => {
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
  const { said } = await find({ '/api/agents': { body: { items } } });
  expect(said[0]).toMatch(/^agent: agent agent-0 is expired: Its key old expired → mcpgw agents show agent-0$/);
  expect(said).toHaveLength(21);
  expect(said.at(-1)).toMatch(/^server: 3 more need attention → mcpgw status$/);
});
