import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ServerView } from '../../../registry/contract/index.ts';
import { receive } from '../../fixtures/kit/received.ts';
import { answerRaw } from '../../fixtures/kit/serve-raw.ts';
import { callOnce } from '../../support/faults/load/call-once.ts';
import { expectNothingCut, expectNothingLost } from '../../support/faults/load/expect-nothing-lost.ts';
import { startLoad } from '../../support/faults/load/load.ts';
import { makeOwnHosts } from '../../support/faults/inject/own-hosts.ts';
import { killRegistry, startRegistry, type OwnRegistry } from '../../support/faults/inject/restart-registry.ts';
import { canMount } from '../../support/faults/inject/small-disk.ts';
import { startSite, type Site } from '../../support/faults/start-site.ts';
import { findFreePorts } from '../../support/processes/free-ports.ts';
import { waitFor } from '../../support/wait-for.ts';

/** An MCP server at one of loopback's other addresses, and how many requests came to it. */
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

describe.skipIf(!canMount)('the name of a backend, as a running registry sees it', () => {
  const hosts = makeOwnHosts();
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

  test('never resolved, its server is rejected; then it is followed, loses nothing by moving, and stays when DNS is gone', async () => {
    const one = await serveAt('127.0.0.2', port);
    const two = await serveAt('127.0.0.3', port);
    servers.push(one.server, two.server);
    const streams = await site.streams(2);
    const input = { path: 'named', url: `http://backend.test:${port}/mcp`, transport: 'streamable-http' };
    const made = await registry!.admin.must('POST', '/api/servers', input);
    expect(made).toMatchObject({ applied: false });
    expect((await view()).error).toContain('backend.test has no address');

    hosts.say({ 'backend.test': '127.0.0.2' });
    await waitFor('it to be live', async () => (await view()).configuration === 'live', 120_000);
    const { gateway, key } = site;
    expect((await callOnce(false, { url: gateway.url, path: 'named', key }, 1)).text).toBe('200');
    expect(one.requests()).toBeGreaterThan(0);

    const load = startLoad({ url: gateway.url, path: 'named', key, pauseMs: 10 });
    try {
      await load.answers(50);
      hosts.say({ 'backend.test': '127.0.0.3' });
      // Its health checks go there as soon as the name says so, but calls only by a new configuration: by far more than checks.
      await waitFor('calls at the new address', () => two.requests() > 100, 60_000);
      await waitFor('no more calls at the old one', async () => {
        const before = one.requests();
        await load.answers(50);
        return one.requests() === before;
      });
      hosts.say({});
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
