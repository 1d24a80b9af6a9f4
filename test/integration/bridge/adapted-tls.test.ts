import type { TlsOptions } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServerView } from '../../../registry/contract/index.ts';
import { startEverythingFixture } from '../../fixtures/everything/start.ts';
import { startWebSocket, type WebSocketFixture } from '../../fixtures/backends/streams/websocket.ts';
import type { Fixture } from '../../fixtures/kit/listen.ts';
import { connectAs } from '../../support/bridge/connect-as.ts';
import { startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';
import { createAuthority } from '../../support/tls/create-authority.ts';
import { serveTls } from '../../support/tls/serve-tls.ts';

/** The gateway trusts the first by CA_FILE; the second is set for single servers. */
const known = createAuthority('known-ca');
const own = createAuthority('own-ca');
let gateway: Gateway;
let key: string;
let webSocket: WebSocketFixture;
let http: Fixture;
const opened: { close: () => Promise<void> }[] = [];

beforeAll(async () => {
  [gateway, webSocket, http] = await Promise.all([
    startGateway({ env: { CA_FILE: known.caFile, HEALTH_CRON: '0 0 0 1 1 *' } }),
    startWebSocket(),
    startEverythingFixture({ era: 'modern' }),
  ]);
  ({ key } = await gateway.createAgent(['*']));
});
afterAll(async () => {
  for (const one of opened) await one.close();
  await gateway.close();
  await Promise.all([webSocket.close(), http.close()]);
  known.remove();
  own.remove();
});

/** How a server is connected through TLS, and one of its tools. */
const KINDS = {
  'wss://': { at: () => webSocket.url, scheme: 'wss:', more: {}, tool: 'get-sum', args: { a: 2, b: 3 } },
  'adapted https://': {
    at: () => http.url,
    scheme: 'https:',
    more: { adapt: true },
    tool: 'test_simple_text',
    args: {},
  },
} as const;
type Kind = keyof typeof KINDS;
const kinds = Object.keys(KINDS) as Kind[];
const pathOf = (name: string, kind: Kind) => `${name}-${kind.startsWith('wss') ? 'socket' : 'adapted'}`;

/** Registers a server of this kind behind TLS. */
async function register(name: string, kind: Kind, options: TlsOptions, tls?: Record<string, string>) {
  const { at, scheme, more } = KINDS[kind];
  const server = await serveTls(at(), options);
  opened.push(server);
  const url = server.url.replace('https:', scheme);
  return gateway.register({ path: pathOf(name, kind), url, ...more, ...(tls === undefined ? {} : { tls }) });
}

const change = (name: string, kind: Kind, tls: Record<string, string>) =>
  gateway.admin.must<ServerView>('PATCH', `/api/servers/${pathOf(name, kind)}`, { tls });

async function call(name: string, kind: Kind): Promise<string> {
  const { tool, args } = KINDS[kind];
  const client = await connectAs('sessions', `${gateway.url}/${pathOf(name, kind)}/mcp`, key);
  try {
    return await client.call(tool, args);
  } finally {
    await client.close();
  }
}

test.each(kinds)('%s with a certificate of a trusted authority is healthy, and calls succeed', async (kind) => {
  expect(await register('good', kind, known.issue(['localhost']))).toMatchObject({ health: 'healthy', error: null });
  expect(await call('good', kind)).toMatch(/5|text/);
});

test.each(kinds)(
  '%s with a private authority is not trusted until the authority is set for the server',
  async (kind) => {
    const view = await register('private', kind, own.issue(['localhost']));
    expect(view).toMatchObject({
      health: 'unhealthy',
      error: expect.stringMatching(/not trusted .*tls\.ca/) as string,
    });
    await expect(call('private', kind)).rejects.toThrow(/is not trusted/);
    expect(await change('private', kind, { ca: own.ca })).toMatchObject({ health: 'healthy', error: null });
    expect(await call('private', kind)).toMatch(/5|text/);
  },
);

test.each(kinds)(
  '%s with a certificate that has expired or is for another name is unhealthy with the reason',
  async (kind) => {
    const other = await register('other', kind, known.issue(['other.test']));
    expect(other).toMatchObject({ health: 'unhealthy' });
    expect(other.error).toMatch(/is for another name\. Register the name/);
    const expired = await register('expired', kind, known.issue(['localhost'], -1));
    expect(expired).toMatchObject({ health: 'unhealthy' });
    expect(expired.error).toMatch(/has expired/);
    await expect(call('expired', kind)).rejects.toThrow(/has expired/);
  },
);

test.each(kinds)('%s that requires a client certificate gets the configured one', async (kind) => {
  const options = { ...known.issue(['localhost']), ca: own.ca, requestCert: true, rejectUnauthorized: true };
  const view = await register('mutual', kind, options);
  expect(view.health).toBe('unhealthy');
  // Either its alert arrives first or the end of the connection.
  expect(view.error).toMatch(/wants a client certificate .*tls\.certificate/);
  await expect(call('mutual', kind)).rejects.toThrow(/wants a client certificate/);
  const foreign = known.issue(['gateway']);
  const refused = await change('mutual', kind, { certificate: foreign.cert, key: foreign.key });
  expect(refused.health).toBe('unhealthy');
  const client = own.issue(['gateway']);
  const changed = await change('mutual', kind, { certificate: client.cert, key: client.key });
  expect(changed).toMatchObject({ health: 'healthy', error: null });
  expect(await call('mutual', kind)).toMatch(/5|text/);
  expect(JSON.stringify(changed)).not.toContain(client.key.split('\n')[1]);
});
