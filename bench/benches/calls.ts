import { findFreePorts } from '../../test/support/free-ports.ts';
import { startBareProxy, startStaticUpstream, SESSION } from '../backends/plain-nginx.ts';
import { openSession, startBenchGateway } from '../backends/start-bench-gateway.ts';
import { startSdkServer } from '../backends/start-sdk-server.ts';
import { compareRivals, ratios, type Rival, type Round } from '../measure/compare.ts';
import type { Bench, Section } from '../measure/report.ts';
import { median, showSpread } from '../measure/statistics.ts';

const ROUNDS = 7;
const LOAD = { connections: 16, seconds: 4 };

function describe(rounds: Map<string, Round[]>, upstream: string, names: string[]): string[][] {
  return names.map((name) => {
    const own = rounds.get(name) ?? [];
    const cpu = own.map(({ cpuUs }) => cpuUs).filter((value) => value !== null);
    return [
      upstream,
      name,
      showSpread(
        own.map(({ perSecond }) => perSecond / 1000),
        2,
      ),
      showSpread(
        ratios(rounds, name, 'direct', ({ perSecond }) => perSecond),
        2,
      ),
      showSpread(
        ratios(rounds, name, 'bare NGINX', ({ perSecond }) => perSecond),
        2,
      ),
      `${median(own.map(({ p50Ms }) => p50Ms)).toFixed(2)} / ${median(own.map(({ p99Ms }) => p99Ms)).toFixed(2)}`,
      cpu.length === 0 ? '' : showSpread(cpu, 1),
    ];
  });
}

/** tools/call: direct, through bare NGINX, through the gateway; in front of an upstream that costs nothing, and of a real SDK server. */
export const bench: Bench = async () => {
  const closers: (() => Promise<void>)[] = [];
  try {
    const [upstreamPort = 0, barePort = 0, bareSdkPort = 0, sdkPort = 0] = await findFreePorts(4);
    const gateway = await startBenchGateway();
    closers.push(gateway.close);
    const { key } = await gateway.makeAgent(['*']);
    const bearer = { Authorization: `Bearer ${key}` };

    // Registered while a real server is there, so that the probe finds an MCP server; then the static one takes its port.
    const standIn = await startSdkServer(upstreamPort);
    await gateway.register({ path: 'static', url: standIn.url });
    await standIn.close();
    const upstream = await startStaticUpstream(upstreamPort);
    closers.push(upstream.close);
    const bare = await startBareProxy(barePort, upstreamPort);
    closers.push(bare.close);
    const sdk = await startSdkServer(sdkPort);
    closers.push(sdk.close);
    await gateway.register({ path: 'sdk', url: sdk.url });
    const bareSdk = await startBareProxy(bareSdkPort, sdkPort);
    closers.push(bareSdk.close);

    const through = (path: string) => `${gateway.url}/${path}/mcp`;
    const session = { 'Mcp-Session-Id': SESSION };
    const still: Rival[] = [
      { name: 'direct', url: upstream.url, headers: session },
      { name: 'bare NGINX', url: bare.url, headers: session, pids: bare.workers },
      {
        name: 'gateway',
        url: through('static'),
        headers: await openSession(through('static'), bearer),
        pids: gateway.workers,
      },
    ];
    const real: Rival[] = [
      { name: 'direct', url: sdk.url, headers: {} },
      { name: 'bare NGINX', url: bareSdk.url, headers: {}, pids: bareSdk.workers },
      { name: 'gateway', url: through('sdk'), headers: bearer, pids: gateway.workers },
    ];
    return report(await compareRivals(still, LOAD, ROUNDS), await compareRivals(real, LOAD, ROUNDS));
  } finally {
    for (const close of closers.reverse()) await close();
  }
};

function report(still: Map<string, Round[]>, real: Map<string, Round[]>): Section {
  const names = ['direct', 'bare NGINX', 'gateway'];
  const toBare = median(ratios(still, 'gateway', 'bare NGINX', ({ perSecond }) => perSecond));
  const toDirect = median(ratios(real, 'gateway', 'direct', ({ perSecond }) => perSecond));
  const cpuOf = (name: string) => median((still.get(name) ?? []).map(({ cpuUs }) => cpuUs ?? 0));
  const addedUs = cpuOf('gateway') - cpuOf('bare NGINX');
  return {
    title: 'Calls',
    method: `wrk, ${LOAD.connections} connections, one thread, ${ROUNDS} rounds of ${LOAD.seconds} s in shuffled order, every NGINX with one worker. Each call is a \`tools/call\` with an id of its own. The gateway has everything on: key, grant, body, session tag, credentials, log. Static upstream: an NGINX with one fixed answer. SDK upstream: the official SDK 1.x, stateless, one Node process.`,
    columns: ['upstream', 'route', '1000 calls/s', 'of direct', 'of bare NGINX', 'p50 / p99 ms', 'CPU µs a call'],
    rows: [...describe(still, 'static', names), ...describe(real, 'SDK', names)],
    bars: [
      { what: 'static upstream, of bare `proxy_pass`', bar: '≥ 0.25', value: toBare.toFixed(2), met: toBare >= 0.25 },
      { what: 'CPU added a call', bar: '≤ 40 µs', value: `${addedUs.toFixed(1)} µs`, met: addedUs <= 40 },
      { what: 'SDK server, of direct', bar: '≥ 0.95', value: toDirect.toFixed(2), met: toDirect >= 0.95 },
    ],
  };
}
