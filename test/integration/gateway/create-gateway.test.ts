import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway, fromFile, type GatewayOptions } from 'mcpgw';
import { Agent, fetch as undiciFetch } from 'undici';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ConfigPlan } from '../../../registry/contract/index.ts';
import type * as Published from '../../../gateway/public.d.ts';
import { isRunLockFree } from '../../../scripts/start/supervise/run-lock.ts';
import { startEcho } from '../../fixtures/backends/compliant/echo.ts';
import { signIn } from '../../support/gateway/admin-client.ts';
import { connectClient } from '../../support/gateway/call-tool.ts';
import { isRunning } from '../../support/processes/is-running.ts';
import { testExamples, type OnGateway } from './examples.suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'mcpgw-library-'));
chmodSync(folder, 0o755);
const on = {} as OnGateway;
beforeAll(async () => {
  on.echo = await startEcho();
});
afterAll(async () => {
  await on.echo.close();
  rmSync(folder, { recursive: true, force: true });
});

// The types of the npm package are written by hand; the compiler checks that they match.
const published: typeof Published = {
  createGateway: (options) => createGateway(options),
  fromFile,
};
const optionNames: Record<keyof GatewayOptions, true> & Record<keyof Published.GatewayOptions, true> = {
  ...{ config: true, servers: true, port: true, dataDir: true, settings: true, startTimeoutMs: true },
};

test('an invalid configuration stops the start with its line, and leaves nothing behind', async () => {
  const file = join(folder, 'broken.yaml');
  writeFileSync(file, 'servers:\n  weather:\n    url: ftp://example.com\n');
  await expect(fromFile(file)).rejects.toThrow(/broken\.yaml:3:5: servers\.weather\.url: the scheme "ftp"/);
  // Also in a folder that already has a state, which it would continue with.
  const dataDir = join(folder, 'used');
  mkdirSync(dataDir);
  writeFileSync(join(dataDir, 'mcpgw.db'), '');
  await expect(fromFile(file, { dataDir })).rejects.toThrow(/broken\.yaml:3:5: servers\.weather\.url/);
});

describe('a gateway in a test', () => {
  beforeAll(async () => {
    expect(Object.keys(optionNames)).toContain('settings');
    on.gateway = await published.createGateway({
      servers: { weather: on.echo.url, off: { url: on.echo.url, enabled: false } },
    });
    on.admin = await signIn(on.gateway.url, on.gateway.admin!.username, on.gateway.admin!.password);
  });
  afterAll(async () => {
    await Promise.all([on.gateway.stop(), on.gateway.stop()]);
    await on.gateway.stop();
    for (const pid of on.gateway.pids) expect(isRunning(pid)).toBe(false);
    expect(existsSync(on.gateway.dataDir)).toBe(false);
  });

  test('an unmodified client calls a tool with the key that it returns', async () => {
    const client = await connectClient(`${on.gateway.url}/weather/mcp`, on.gateway.key!);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('echo');
    await client.close();
  });

  test('the meta endpoint serves all servers at /mcp', async () => {
    const client = await connectClient(`${on.gateway.url}/mcp`, on.gateway.key!);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('weather__echo');
    await client.close();
  });

  test('its data folder is locked while it runs, and a port that is taken is reported by name', async () => {
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    vi.stubEnv('TMPDIR', temporary);
    await expect(createGateway({ dataDir: on.gateway.dataDir })).rejects.toThrow(
      `a gateway already runs on ${on.gateway.dataDir} (pid ${process.pid})`,
    );
    await expect(createGateway({ port: Number(new URL(on.gateway.url).port) })).rejects.toThrow(
      /GATEWAY_PORT\) is taken/,
    );
    vi.unstubAllEnvs();
    expect(readdirSync(temporary)).toEqual([]);
    // start.sh and scripts/data.sh check this lock too.
    expect(isRunLockFree(on.gateway.dataDir)).toBe(false);
  });

  test('a configuration is applied as one publish, and its servers are reachable when the response arrives', async () => {
    const before = (await on.admin.must<{ items: { number: number }[] }>('GET', '/api/generations')).items[0]!.number;
    const servers = Object.fromEntries(Array.from({ length: 5 }, (_, at) => [`many/s${at}`, { url: on.echo.url }]));
    const applied = await on.admin.must<ConfigPlan & { applied: boolean; generation: number }>(
      'POST',
      '/api/config/apply',
      {
        document: { servers },
        source: 'ci',
      },
    );
    expect(applied).toMatchObject({ applied: true, generation: before + 1 });
    // On a new connection: a worker that is ending answers once more on one that was opened before and not used yet.
    const dispatcher = new Agent();
    const answered = await undiciFetch(`${on.gateway.url}/many/s4/mcp`, {
      method: 'POST',
      dispatcher,
      headers: {
        authorization: `Bearer ${on.gateway.key}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'initialize',
        params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'new', version: '1' } },
      }),
    });
    expect(answered.status).toBe(200);
    await dispatcher.destroy();
    // Agents are not published, so there is nothing to wait for.
    const agents = { document: { agents: { applied: { grants: [{ server: 'weather' }] } } }, source: 'agents' };
    expect(await on.admin.must('POST', '/api/config/apply', agents)).toMatchObject({ applied: true });
    for (const source of ['agents', 'ci']) await on.admin.must('POST', '/api/config/apply', { document: {}, source });
  });

  testExamples(on);
});
