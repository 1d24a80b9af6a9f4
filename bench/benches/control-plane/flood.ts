import { setTimeout as wait } from 'node:timers/promises';
import { findFreePorts } from '../../../test/support/processes/free-ports.ts';
import { startBenchGateway } from '../../backends/start-bench-gateway.ts';
import { startNodeProcess } from '../../backends/start-node-process.ts';
import { withClosers } from '../../measure/closers.ts';
import type { Bench } from '../../measure/report/report.ts';
import { percentile } from '../../measure/statistics.ts';

const SERVERS = 25;
const SECONDS = 60;
const PAUSE_MS = 50;

/** `/healthz` of the registry while hostile servers announce changes of 3 MB of tools without a pause. */
export const bench: Bench = () =>
  withClosers(async (defer) => {
    const [port = 0] = await findFreePorts(1);
    const backend = defer(await startNodeProcess('flooding-servers.ts', port));
    const gateway = defer(await startBenchGateway());
    const floodMs: number[] = [];
    const measure = async (untilMs: number, into: number[]) => {
      while (performance.now() < untilMs) {
        const began = performance.now();
        const { status } = await fetch(`${gateway.registryUrl}/healthz`);
        if (status !== 200) throw new Error(`/healthz was answered ${status}`);
        into.push(performance.now() - began);
        await wait(PAUSE_MS);
      }
    };
    const quietMs: number[] = [];
    await measure(performance.now() + 5_000, quietMs);
    for (let n = 0; n < SERVERS; n += 1)
      await gateway.register({ path: `flood-${n}`, url: backend.url.replace('/mcp', `/${n}/mcp`) });
    await measure(performance.now() + SECONDS * 1_000, floodMs);
    const row = (name: string, values: number[]) => [
      name,
      ...[0.5, 0.95, 0.99, 1].map((share) => percentile(values, share).toFixed(1)),
    ];
    const worstMs = percentile(floodMs, 0.99);
    return {
      title: 'Floods of list changes',
      method: `${SERVERS} servers, each lists 3 MB of tools, different ones every time, and sends notifications/tools/list_changed as fast as it is read. /healthz of the registry every ${PAUSE_MS} ms for ${SECONDS} s, in ms.`,
      columns: ['servers', 'p50', 'p95', 'p99', 'max'],
      rows: [row('none', quietMs), row(`${SERVERS} that flood`, floodMs)],
      bars: [{ what: '/healthz, p99', bar: '≤ 100 ms', value: `${worstMs.toFixed(0)} ms`, met: worstMs <= 100 }],
    };
  });
