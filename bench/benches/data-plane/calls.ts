import { findFreePorts } from '../../../test/support/processes/free-ports.ts';
import { startBareProxy, startStaticUpstream, SESSION } from '../../backends/plain-nginx.ts';
import { startAuthRequest } from '../../backends/start-auth-request.ts';
import { startNodeProcess } from '../../backends/start-node-process.ts';
import { openSession, startBenchGateway } from '../../backends/start-bench-gateway.ts';
import { startSdkServer } from '../../backends/start-sdk-server.ts';
import { compareRivals, ratios, type Rival, type Round } from '../../measure/compare.ts';
import { withClosers } from '../../measure/closers.ts';
import type { Bench, Section } from '../../measure/report/report.ts';
import { median, showSpread } from '../../measure/statistics.ts';

const ROUNDS = 5;
/** The rounds of a real server vary more. */
const SDK_ROUNDS = 11;
const LOAD = { connections: 16, seconds: 3 };

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

/** tools/call: direct, through bare NGINX, through the gateway; with an upstream that costs nothing, and with a real SDK server. */
export const bench: Bench = () =>
  withClosers(async (defer) => {
    const [upstreamPort = 0, barePort = 0, bareSdkPort = 0, sdkPort = 0, authPort = 0, nodePort = 0] =
      await findFreePorts(6);
    const gateway = defer(await startBenchGateway());
    const { key } = await gateway.createAgent(['*']);
    const bearer = { Authorization: `Bearer ${key}` };

    // Registered while a real server runs, so that the probe finds an MCP server; then the static one takes over its port.
    const standIn = await startSdkServer(upstreamPort);
    await gateway.register({ path: 'static', url: standIn.url });
    await standIn.close();
    const upstream = defer(await startStaticUpstream(upstreamPort));
    const bare = defer(await startBareProxy(barePort, upstreamPort));
    const authRequest = defer(await startAuthRequest(authPort, upstreamPort, key));
    const node = defer(await startNodeProcess('node-proxy.ts', nodePort, { UPSTREAM: String(upstreamPort), KEY: key }));
    const sdk = defer(await startSdkServer(sdkPort));
    await gateway.register({ path: 'sdk', url: sdk.url });
    const bareSdk = defer(await startBareProxy(bareSdkPort, sdkPort));

    const through = (path: string) => `${gateway.url}/${path}/mcp`;
    const session = { 'Mcp-Session-Id': SESSION };
    const known = { ...session, ...bearer };
    const tagged = await openSession(through('static'), bearer);
    const still: Rival[] = [
      { name: 'direct', url: upstream.url, headers: session },
      { name: 'bare NGINX', url: bare.url, headers: session, pids: bare.workers },
      { name: 'gateway', url: through('static'), headers: tagged, pids: gateway.workers },
      { name: 'NGINX + auth_request', url: authRequest.url, headers: known, pids: authRequest.workers },
      { name: 'bare Node proxy', url: node.url, headers: known, pids: () => [node.pid] },
    ];
    const real: Rival[] = [
      { name: 'direct', url: sdk.url, headers: {} },
      { name: 'bare NGINX', url: bareSdk.url, headers: {}, pids: bareSdk.workers },
      { name: 'gateway', url: through('sdk'), headers: bearer, pids: gateway.workers },
    ];
    return report(await compareRivals(still, LOAD, ROUNDS), await compareRivals(real, LOAD, SDK_ROUNDS));
  });

function report(still: Map<string, Round[]>, real: Map<string, Round[]>): Section {
  const toBare = median(ratios(still, 'gateway', 'bare NGINX', ({ perSecond }) => perSecond));
  const toDirect = median(ratios(real, 'gateway', 'direct', ({ perSecond }) => perSecond));
  const cpuOf = (name: string) => median((still.get(name) ?? []).map(({ cpuUs }) => cpuUs ?? 0));
  const addedUs = cpuOf('gateway') - cpuOf('bare NGINX');
  const faster = (name: string) => median(ratios(still, 'gateway', name, ({ perSecond }) => perSecond)).toFixed(2);
  return {
    title: 'Calls',
    method: `wrk, ${LOAD.connections} connections, one thread, ${ROUNDS} rounds of ${LOAD.seconds} s (${SDK_ROUNDS} with the SDK server) in shuffled order, every NGINX with one worker. Each call is a \`tools/call\` with a unique id. The gateway has all features enabled: key, grant, body, session tag, credentials, log. Static upstream: an NGINX with one fixed response. SDK upstream: the official SDK 1.x, stateless, one Node process. auth_request: NGINX queries a minimal Node process that knows one key; no tools, sessions, credentials, log. Bare Node proxy: node:http that looks up one key and forwards, the minimum that a gateway in Node does; none that npm has installed here serves HTTP, so no complete one was measured.`,
    columns: ['upstream', 'route', '1000 calls/s', 'of direct', 'of bare NGINX', 'p50 / p99 ms', 'CPU µs a call'],
    rows: [...describe(still, 'static', [...still.keys()]), ...describe(real, 'SDK', [...real.keys()])],
    bars: [
      { what: 'static upstream, of bare `proxy_pass`', bar: '≥ 0.5', value: toBare.toFixed(2), met: toBare >= 0.5 },
      { what: 'CPU added a call', bar: '≤ 25 µs', value: `${addedUs.toFixed(1)} µs`, met: addedUs <= 25 },
      { what: 'SDK server, of direct', bar: '≥ 0.97', value: toDirect.toFixed(2), met: toDirect >= 0.97 },
    ],
    notes: [
      `The gateway carries ${faster('NGINX + auth_request')} times the calls of NGINX + auth_request, and ${faster('bare Node proxy')} times those of the bare Node proxy.`,
    ],
  };
}
