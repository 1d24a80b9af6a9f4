import { findFreePorts } from '../../test/support/free-ports.ts';
import { startStaticUpstream, SESSION } from '../backends/plain-nginx.ts';
import { openSession, startBenchGateway } from '../backends/start-bench-gateway.ts';
import { startSdkServer } from '../backends/start-sdk-server.ts';
import { compareRivals } from '../measure/compare.ts';
import type { Bench } from '../measure/report.ts';
import { median, showSpread } from '../measure/statistics.ts';

const ROUNDS = 5;
const LOAD = { connections: 1, seconds: 3 };

/** What the gateway adds to a call when nothing else is going on. */
export const bench: Bench = async () => {
  const closers: (() => Promise<void>)[] = [];
  try {
    const [port = 0] = await findFreePorts(1);
    const gateway = await startBenchGateway();
    closers.push(gateway.close);
    const { key } = await gateway.makeAgent(['static']);
    const standIn = await startSdkServer(port);
    await gateway.register({ path: 'static', url: standIn.url });
    await standIn.close();
    const upstream = await startStaticUpstream(port);
    closers.push(upstream.close);
    const url = `${gateway.url}/static/mcp`;
    const rounds = await compareRivals(
      [
        { name: 'direct', url: upstream.url, headers: { 'Mcp-Session-Id': SESSION } },
        { name: 'gateway', url, headers: await openSession(url, { Authorization: `Bearer ${key}` }) },
      ],
      LOAD,
      ROUNDS,
    );
    const of = (name: string, value: 'p50Ms' | 'p99Ms') => (rounds.get(name) ?? []).map((round) => round[value]);
    const added = (value: 'p50Ms' | 'p99Ms') => median(of('gateway', value)) - median(of('direct', value));
    const [p50, p99] = [added('p50Ms'), added('p99Ms')];
    return {
      title: 'Added latency',
      method: `wrk, one connection, ${ROUNDS} rounds of ${LOAD.seconds} s, static upstream, everything on.`,
      columns: ['route', 'p50 ms', 'p99 ms'],
      rows: ['direct', 'gateway'].map((name) => [
        name,
        showSpread(of(name, 'p50Ms'), 3),
        showSpread(of(name, 'p99Ms'), 3),
      ]),
      bars: [
        { what: 'added at p50', bar: '≤ 0.1 ms', value: `${p50.toFixed(3)} ms`, met: p50 <= 0.1 },
        { what: 'added at p99', bar: '≤ 1 ms', value: `${p99.toFixed(3)} ms`, met: p99 <= 1 },
      ],
    };
  } finally {
    for (const close of closers.reverse()) await close();
  }
};
