import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client as ModernClient } from '@modelcontextprotocol/client';
import { StdioClientTransport as ModernTransport } from '@modelcontextprotocol/client/stdio';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordRegistry, type RecordingRegistry } from '../test/support/management/recording-registry.ts';
import { readSettings } from './settings.ts';

// The built program, which starts in half the time.
const MAIN = join(import.meta.dirname, '../dist/mcpgw-server.js');
const KEY = `mgw_${'a'.repeat(43)}_123456`;

let registry: RecordingRegistry;
let folder: string;

beforeEach(async () => {
  registry = await recordRegistry();
  folder = mkdtempSync(join(tmpdir(), 'mcpgw-server-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  return registry.close();
});

async function run(args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

test('stdio uses MCPGW_KEY, for clients of both protocol eras', async () => {
  const server = {
    command: process.execPath,
    args: [MAIN, '--stdio'],
    env: { MCPGW_KEY: KEY, REGISTRY_URL: registry.url },
  };
  const legacy = new Client({ name: 'test', version: '1' });
  await legacy.connect(new StdioClientTransport(server));
  expect((await legacy.listTools()).tools).toHaveLength(19);
  expect(await legacy.callTool({ name: 'list_services', arguments: {} })).toMatchObject({
    structuredContent: { services: [] },
  });
  await legacy.close();

  const modern = new ModernClient({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await modern.connect(new ModernTransport(server));
  expect(modern.getProtocolEra()).toBe('modern');
  expect(await modern.callTool({ name: 'list_services', arguments: {} })).toMatchObject({
    structuredContent: { services: [] },
  });
  await modern.close();
  expect(new Set(registry.seen.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${KEY}`]));
});

test('over stdio, the first response contains the reason why the registry refuses a key', async () => {
  registry.answer = () => ({
    status: 401,
    body: {
      type: 'x',
      title: 'Not logged in',
      status: 401,
      detail: 'this key was revoked',
      code: 'unauthorized',
      hint: 'Create another.',
    },
  });
  const client = new Client({ name: 'test', version: '1' });
  const env = { MCPGW_KEY: KEY, REGISTRY_URL: registry.url };
  const connected = client.connect(
    new StdioClientTransport({ command: process.execPath, args: [MAIN, '--stdio'], env }),
  );
  await expect(connected).rejects.toThrow(/Not logged in: this key was revoked. What to do: Create another/);
  await client.close();
});

test('invalid settings stop the start with their names and examples, and a key is never printed', async () => {
  expect(await run(['--stdio'], {})).toMatchObject({
    code: 78,
    output: expect.stringContaining('MCPGW_KEY') as string,
  });
  const bad = await run([], { MCPGW_SERVER_SOCKET: 'abc', REGISTRY_URL: 'ftp://x', MCPGW_KEY: 'mgw_secret' });
  expect(bad.code).toBe(78);
  for (const expected of [
    'MCPGW_SERVER_SOCKET',
    '/run/mcpgw/mcpgw-server.sock',
    'REGISTRY_URL',
    'http://127.0.0.1:7860',
    'MCPGW_KEY',
  ])
    expect(bad.output).toContain(expected);
  expect(bad.output).not.toContain('mgw_secret');
  expect(await run(['--nope'], {})).toMatchObject({ code: 78 });
});

test('an existing socket and a missing setting are reported as errors, and --help lists the settings', async () => {
  writeFileSync(join(folder, 'taken.sock'), '');
  const taken = await run([], { MCPGW_SERVER_SOCKET: join(folder, 'taken.sock') });
  expect(taken).toMatchObject({ code: 1, output: expect.stringContaining('taken.sock exists') as string });
  expect(await run([], {})).toMatchObject({
    code: 78,
    output: expect.stringContaining('MCPGW_SERVER_SOCKET') as string,
  });
  const long = await run([], { MCPGW_SERVER_SOCKET: `/tmp/${'s'.repeat(103)}` });
  expect(long).toMatchObject({ code: 78, output: expect.stringContaining('at most 107 bytes') as string });
  expect(await run(['--help'], {})).toMatchObject({ code: 0, output: expect.stringContaining('MCPGW_KEY') as string });
});

test('it listens, prints its URL, and stops on SIGTERM', async () => {
  const child = spawn(process.execPath, [MAIN], {
    env: { MCPGW_SERVER_SOCKET: join(folder, 'server.sock') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const socketPath = /ready at unix:(\S+)/.exec(line.toString())?.[1] ?? '';
    const [response] = (await once(get({ socketPath, path: '/healthz' }), 'response')) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(200);
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    expect((await closed)[0]).toBe(0);
  } finally {
    child.kill('SIGKILL');
  }
});

test('settings have defaults', () => {
  expect(readSettings({})).toEqual({
    socket: undefined,
    registryUrl: 'http://127.0.0.1:7860',
    key: undefined,
    allowedOriginHosts: [],
  });
  expect(
    readSettings({
      REGISTRY_URL: 'http://r:1/',
      GATEWAY_URL: 'https://gw.example.com',
      ALLOWED_ORIGINS: 'https://a.b, http://c:1',
    }),
  ).toMatchObject({ registryUrl: 'http://r:1', allowedOriginHosts: ['gw.example.com', 'a.b', 'c'] });
});
