import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConfigExport, ServerView } from '../../../registry/contract/index.ts';
import { listen } from '../../../registry/http/framework/listen.ts';
import { startEcho } from '../../fixtures/backends/compliant/echo.ts';
import { signIn, type AdminClient } from '../../support/gateway/admin-client.ts';
import { createAuthority } from '../../support/tls/create-authority.ts';
import { createDataDir, PASSWORD, startApp, type Started } from '../http/start-app.ts';

// Every kind of server, every field that an operator sets, and what depends on them.
const PASSPHRASE = 'correct horse battery staple';
const API = JSON.stringify({
  openapi: '3.0.3',
  info: { title: 'Library', version: '1' },
  servers: [{ url: 'http://127.0.0.1:9/v1' }],
  paths: { '/books': { get: { operationId: 'listBooks', responses: { 200: { description: 'ok' } } } } },
});
const GRANT = {
  server: 'weather',
  tools: ['echo', '!second'],
  resources: ['file:*'],
  prompts: ['*'],
  hours: { days: ['mon', 'tue'], from: '08:00', to: '18:00', zone: 'Europe/Berlin' },
  expiresAt: '2030-01-01T00:00:00.000Z',
};
const SERVERS = (echo: string, described: string, tls: object) => [
  { path: 'plain', url: echo },
  {
    ...{ path: 'weather', url: echo, name: 'Weather', license: 'MIT', stars: 7, hostMode: 'public' },
    ...{ adapt: true, forwardHeaders: ['x-tenant'], timeouts: { readMs: 61_000 } },
  },
  { path: 'private', url: 'https://127.0.0.1:9/mcp', tls, transport: 'streamable-http' },
  {
    ...{
      path: 'files',
      command: '/bin/true',
      args: ['--root', 'a b'],
      cwd: '/tmp',
      env: { TOKEN: 'environment-secret' },
    },
    ...{ process: { sharing: 'shared', memoryMb: 256 }, confinement: { network: true, hidden: ['/srv'] } },
  },
  { path: 'boxed', docker: { image: 'mcp/fetch:1.2' }, args: ['--quiet'], enabled: false },
  { path: 'library', openapi: { document: API } },
  { path: 'catalogue', openapi: { url: described } },
  { path: 'mirror', openapi: { document: API }, url: 'http://127.0.0.1:10/v2', headers: { 'X-Key': 'api-secret' } },
  {
    path: 'desk',
    tools: [
      { server: 'plain', tool: 'echo', name: 'repeat', description: 'Says it again' },
      { server: 'files', tool: 'read', title: 'Read', fixed: { path: ['a'] }, hidden: ['mode'] },
    ],
  },
];

const folders = [createDataDir(), createDataDir()] as const;
const apps: Started[] = [];
let [from, to]: AdminClient[] = [];
let echo: Awaited<ReturnType<typeof startEcho>>;
/** Serves the description of an API. */
let description: Awaited<ReturnType<typeof listen>>;

beforeAll(async () => {
  echo = await startEcho();
  description = await listen((_request, response) => void response.end(API), { host: '127.0.0.1', port: 0 });
  for (const { dataDir } of folders) apps.push(await startApp(dataDir, { env: { STDIO_COMMANDS: 'allow' } }));
  [from, to] = await Promise.all(apps.map(({ url }) => signIn(url, 'admin', PASSWORD)));
  const authority = createAuthority();
  const { certFile, keyFile } = authority.issue(['client']);
  const [ca, certificate, key] = [authority.caFile, certFile, keyFile].map((file) => readFileSync(file, 'utf8'));
  authority.remove();
  for (const server of SERVERS(echo.url, description.url, { ca, certificate, key }))
    await from!.must('POST', '/api/servers?wait=false', server);
  await from!.must('PUT', '/api/servers/plain/tool-lock', { mode: 'block' });
  await from!.must('POST', '/api/agents', {
    ...{ name: 'planner', owner: 'Ada', tags: ['night'], toolList: 'direct', enabled: false },
    ...{ expiresAt: '2031-01-01T00:00:00.000Z', grants: [GRANT] },
  });
  const limited = { label: 'desk', servers: ['desk'], expiresAt: '2029-01-01T00:00:00.000Z' };
  await from!.must('POST', '/api/agents/planner/keys', limited);
  for (const scope of ['all', 'agent'] as const)
    await from!.must('POST', '/api/kill', { scope, reason: 'night', ...(scope === 'agent' && { target: 'planner' }) });
});
afterAll(async () => {
  for (const app of apps) await app.close();
  for (const { remove } of folders) remove();
  await echo.close();
  await description.close(0);
});

const exportOf = (client: AdminClient) =>
  client.must<ConfigExport>('POST', '/api/config/export', { secrets: 'sealed', passphrase: PASSPHRASE });
const bare = ({ export: { sealed: _, ...head }, ...rest }: ConfigExport) => ({ ...rest, export: head });

/** The settings of each server that an operator makes, as the API returns them. */
async function serversOf(client: AdminClient): Promise<object[]> {
  const { items } = await client.must<{ items: ServerView[] }>('GET', '/api/servers');
  return items
    .filter(({ path }) => path !== 'mcpgw')
    .map(({ path, name, description, tags, transport, adapt, program, virtual, openapi, enabled, ...rest }) => {
      const { headers, forwardHeaders, hostMode, timeouts, tls, license, stars, metadata, instances } = rest;
      // Addresses at the bridge contain the ids of the servers, which differ.
      const urls =
        program === null && virtual === undefined ? instances.map(({ url, weight }) => ({ url, weight })) : [];
      return {
        ...{ path, name, description, tags, transport, adapt, program, openapi, enabled, headers, forwardHeaders },
        ...{ hostMode, timeouts, tls, license, stars, metadata, urls, tools: virtual?.tools },
      };
    });
}

test('every kind of server is the same with all its settings in the gateway that imports it, even if the servers are unreachable there', async () => {
  const document = await exportOf(from!);
  expect(Object.keys(document.servers)).toHaveLength(SERVERS('', '', {}).length);
  expect(Object.keys(document.toolLocks)).toEqual(['plain']);
  expect(document.toolLocks['plain']?.approved.map(({ name }) => name)).toEqual(['echo', 'second']);
  expect(document.export.omitted).toEqual(
    expect.arrayContaining(['servers.files.env.TOKEN', 'servers.mirror.headers.X-Key', 'servers.private.tls.key']),
  );
  await echo.close();
  await description.close(0);
  const request = { document, passphrase: PASSPHRASE, replace: true };
  expect(await to!.must('POST', '/api/config/import', request)).toMatchObject({ missingSecrets: [], skipped: [] });
  to = await signIn(apps[1]!.url, 'admin', PASSWORD);

  expect(bare(await exportOf(to))).toEqual(bare(document));
  expect(await serversOf(to)).toEqual(await serversOf(from!));
  const secrets = async ({ store, servers }: Started) => {
    const id = async (path: string) => (await servers.get(path)).id;
    return [
      await store.servers.environment(await id('files')),
      await store.servers.credentials(await id('mirror')),
      (await store.servers.byId(await id('private')))?.tls,
      await store.servers.document(await id('library')),
      await store.servers.document(await id('catalogue')),
    ];
  };
  expect(await secrets(apps[1]!)).toEqual(await secrets(apps[0]!));
  expect(await to.must('POST', '/api/config/import', request)).toMatchObject({ changes: [] });
});
