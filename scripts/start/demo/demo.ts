import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

/** Where --demo registers server-everything, as a server at a URL. */
export const DEMO_PATH = 'everything';
/** The same program as a server that the bridge runs. */
const PROGRAM_PATH = 'everything-stdio';

function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(null);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const chosen = (server.address() as AddressInfo).port;
      server.close(() => {
        resolve(chosen);
      });
    });
  });
}

/** A free port for the demo server: the previous one if it is still free, so that its registration remains valid. */
export async function chooseDemoPort(dataDir: string): Promise<number> {
  const file = join(dataDir, 'demo-port');
  const before = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  const port = (Number.isInteger(before) && before > 1023 ? await listenOnce(before) : null) ?? (await listenOnce(0));
  if (port === null) throw new Error('no free port on loopback for the demo server');
  writeFileSync(file, `${port}\n`);
  return port;
}

async function send(method: string, url: string, cookie: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...(cookie === '' ? {} : { cookie }) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
}

async function waitForDemoServer(port: number): Promise<void> {
  const until = Date.now() + 15_000;
  for (;;) {
    const open = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(2_000) }).then(
      () => true,
      () => false,
    );
    if (open) return;
    if (Date.now() > until) throw new Error(`the demo server does not listen on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export interface Demo {
  apiUrl: string;
  port: number;
  admin: { username: string; password: string | null };
  /** The checkout. */
  root: string;
  allowsPrograms: boolean;
}

/** The demo servers: how each is registered, and what may have changed since the last start. */
function describeServers({ port, root, allowsPrograms }: Demo): { input: object; path: string; changed: object }[] {
  const description = 'The reference server of the MCP project: every kind of tool, resource and prompt.';
  const url = `http://127.0.0.1:${port}/mcp`;
  const program = {
    command: join(root, 'node_modules/.bin/node'),
    args: [join(root, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js'), 'stdio'],
  };
  const common = { description, tags: ['demo'] };
  return [
    { path: DEMO_PATH, input: { name: 'Everything (demo)', ...common, url }, changed: { url } },
    ...(allowsPrograms
      ? [{ path: PROGRAM_PATH, input: { name: 'Everything on stdio (demo)', ...common, ...program }, changed: program }]
      : []),
  ];
}

/**
 * Registers the demo servers, or updates their addresses, as the administrator. Returns null on success, else the reason:
 * a demo that is not registered does not stop the gateway.
 */
export async function registerDemo(demo: Demo): Promise<string | null> {
  const { apiUrl, port, admin } = demo;
  const url = `http://127.0.0.1:${port}/mcp`;
  const byHand = `register ${url} at the path "${DEMO_PATH}" in the UI`;
  if (admin.password === null)
    return `the administrator's password is no longer known here; ${byHand}, or set ADMIN_PASSWORD`;
  await waitForDemoServer(port);
  const login = await send('POST', `${apiUrl}/api/session`, '', { username: admin.username, password: admin.password });
  if (!login.ok) return `signing in as ${admin.username} was refused (${login.status}); ${byHand}`;
  const cookie = login.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const refused: string[] = [];
  for (const { path, input, changed } of describeServers(demo)) {
    let response = await send('POST', `${apiUrl}/api/servers`, cookie, { path, ...input });
    if (response.status === 409) response = await send('PATCH', `${apiUrl}/api/servers/${path}`, cookie, changed);
    if (!response.ok) refused.push(`registering "${path}" was refused (${response.status} ${await response.text()})`);
  }
  await send('DELETE', `${apiUrl}/api/session`, cookie, {});
  return refused.length === 0 ? null : `${refused.join('; ')}; ${byHand}`;
}
