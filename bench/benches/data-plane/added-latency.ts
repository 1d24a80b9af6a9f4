import { findFreePorts } from '../../../test/support/processes/free-ports.ts';
import { startBareProxy, startStaticUpstream, SESSION } from '../../backends/plain-nginx.ts';
import { openSession, startBenchGateway } from '../../backends/start-bench-gateway.ts';
import { startSdkServer } from '../../backends/start-sdk-server.ts';
import { withClosers } from '../../measure/closers.ts';
import { compareRivals } from '../../measure/compare.ts';
import type { Bench } from '../../measure/report/report.ts';
import { median, showSpread } from '../../measure/statistics.ts';

const ROUNDS = 5;
const LOAD = { connections: 1, seconds: 3 };

/** Latency that the gateway adds to a call without other load, compared with that of NGINX alone. */
export const bench: Bench = () =>
  withClosers(async (defer) => {
    const [port = 0, barePort = 0] = await findFreePorts(2);
    const gateway = defer(await startBenchGateway());
    const { key } = await gateway.createAgent(['static']);
    const standIn = await startSdkServer(port);
    await gateway.register({ path: 'static', url: standIn.url });
    await standIn.close();
    const upstream = defer(await startStaticUpstream(port));
    const bare = defer(await startBareProxy(barePort, port));
    const url = `${gateway.url}/static/mcp`;
    const session = { 'Mcp-Session-Id': SESSION };
    const rounds = await compareRivals(
      [
        { name: 'direct', url: upstream.url, headers: session },
        { name: 'bare NGINX', url: bare.url, headers: session },
        { name: 'gateway', url, headers: await openSession(url, { Authorization: `Bearer ${key}` }) },
      ],
      LOAD,
      ROUNDS,
    );
    const of = (name: string, value: 'p50Ms' | 'p99Ms') => (rounds.get(name) ?? []).map((round) => round[value]);
    const added = (value: 'p50Ms' | 'p99Ms', name = 'gateway') => median(of(name, value)) - median(of('direct', value));
    const [p50, p99] = [added('p50Ms'), added('p99Ms')];
    return {
      title: 'Added latency',
      method: `wrk, one connection, ${ROUNDS} rounds of ${LOAD.seconds} s in shuffled order, static upstream, all features enabled. Bare NGINX is the baseline: \`proxy_pass\` and nothing else.`,
      columns: ['route', 'p50 ms', 'p99 ms'],
      rows: [...rounds.keys()].map((name) => [
        name,
        showSpread(of(name, 'p50Ms'), 3),
        showSpread(of(name, 'p99Ms'), 3),
      ]),
      bars: [
        { what: 'added at p50', bar: '≤ 0.05 ms', value: `${p50.toFixed(3)} ms`, met: p50 <= 0.05 },
        { what: 'added at p99', bar: '≤ 0.5 ms', value: `${p99.toFixed(3)} ms`, met: p99 <= 0.5 },
      ],
      notes: [
        `Bare NGINX adds ${added('p50Ms', 'bare NGINX').toFixed(3)} ms at p50 and ${added('p99Ms', 'bare NGINX').toFixed(3)} at p99.`,
      ],
    };
  });
