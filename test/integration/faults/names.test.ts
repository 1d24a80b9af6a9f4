import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServerView } from '../../../registry/contract/index.ts';
import { receive } from '../../fixtures/kit/received.ts';
import { answerRaw } from '../../fixtures/kit/serve-raw.ts';
import { callOnce } from '../../support/faults/load/call-once.ts';
import { expectNothingCut, expectNothingLost } from '../../support/faults/load/expect-nothing-lost.ts';
import { startLoad } from '../../support/faults/load/load.ts';
import { createOwnHosts } from '../../support/faults/inject/own-hosts.ts';
import { killRegistry, startRegistry, type OwnRegistry } from '../../support/faults/inject/restart-registry.ts';
import { canMount } from '../../support/faults/inject/small-disk.ts';
import { startSite, type Site } from '../../support/faults/start-site.ts';
import { findFreePorts } from '../../support/processes/free-ports.ts';
import { waitFor } from '../../support/wait-for.ts';

/** An MCP server at another loopback address, and the number of requests it received. */
async function serveAt(host: string, port: number): Promise<{ server: Server; requests: () => number }> {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    receive(request).then(
      (received) => answerRaw(received, response, { name: host, tools: [{ name: 'echo' }] }),
      () => response.destroy(),
    );
  });
  server.listen(port, host);
  await once(server, 'listening');
  return { server, requests: () => requests };
}

describe.skipIf(!canMount)('the DNS name of a backend, as a running registry resolves it', () => {
  const hosts = createOwnHosts();
  let site: Site;
  let registry: OwnRegistry | undefined;
  let port: number;
  const servers: Server[] = [];
  beforeAll(async () => {
    [port = 0] = await findFreePorts(1);
    site = await startSite({ supervised: false });
    await killRegistry(site.gateway);
    registry = await startRegistry(site.gateway, { HEALTH_CRON: '* * * * * *' }, hosts.before);
  });
  afterAll(async () => {
    await registry?.program.stop();
    await site.close();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    hosts.remove();
  });
  const view = () => registry!.admin.must<ServerView>('GET', '/api/servers/named');

  test('a name that never resolved rejects its server; later its address is followed without lost calls, and kept when DNS fails', async () => {
    const one = await serveAt('127.0.0.2', port);
    const two = await serveAt('127.0.0.3', port);
    servers.push(one.server, two.server);
    const streams = await site.streams(2);
    const input = { path: 'named', url: `http://backend.test:${port}/mcp`, transport: 'streamable-http' };
    const created = await registry!.admin.must('POST', '/api/servers', input);
    expect(created).toMatchObject({ applied: false });
    expect((await view()).error).toContain('backend.test has no address');

    hosts.setAddresses({ 'backend.test': '127.0.0.2' });
    await waitFor('it to be live', async () => (await view()).configuration === 'live', 120_000);
    const { gateway, key } = site;
    expect((await callOnce(false, { url: gateway.url, path: 'named', key }, 1)).text).toBe('200');
    expect(one.requests()).toBeGreaterThan(0);

    const load = startLoad({ url: gateway.url, path: 'named', key, pauseMs: 10 });
    try {
      await load.answers(50);
      hosts.setAddresses({ 'backend.test': '127.0.0.3' });
      // Health checks use the new address at once, calls only with a new configuration: far more calls than checks arrive.
      await waitFor('calls at the new address', () => two.requests() > 100, 60_000);
      await waitFor('no more calls at the old one', async () => {
        const before = one.requests();
        await load.answers(50);
        return one.requests() === before;
      });
      hosts.setAddresses({});
      const checked = (await view()).lastCheckedAt;
      await waitFor('a check that finds no name', async () => {
        const now = await view();
        return now.lastCheckedAt !== checked && now.health !== 'healthy';
      });
      await load.answers(100);
    } finally {
      await load.stop();
    }
    expectNothingLost(load.report(), 200);
    for (const stream of streams) await stream.more(1);
    expectNothingCut(streams);
  }, 240_000);
});
