import { callOnce } from '../../../test/support/faults/load/call-once.ts';
import type { Gateway } from '../../../test/support/gateway/start-gateway.ts';
import { startBenchGateway } from '../../backends/start-bench-gateway.ts';
import { runConcurrently, startLightServers } from '../../backends/start-light-servers.ts';
import { withClosers } from '../../measure/closers.ts';
import { renderPlot } from '../../measure/report/plot.ts';
import type { Bench } from '../../measure/report/report.ts';
import { median, percentile, showSpread } from '../../measure/statistics.ts';

const SIZES = [10, 100, 1_000];
const SAMPLES = 20;
const BARS_MS = new Map([
  [100, 300],
  [1_000, 600],
]);

/** Time in ms from sending the registration until a tool was called through the gateway. Throws when the call fails. */
async function timeRegistration(gateway: Gateway, key: string, path: string, url: string): Promise<number> {
  const began = performance.now();
  const { applied } = await gateway.register({ path, url });
  const outcome = await callOnce(false, { url: gateway.url, path, key }, 1);
  if (!applied || outcome.text !== '200')
    throw new Error(`${path} was registered, applied: ${applied}, and called: ${outcome.text}`);
  return performance.now() - began;
}

/** From the registration of a server to the first call of its tools, with an increasing number of servers. */
export const bench: Bench = () =>
  withClosers(async (defer) => {
    const { urls } = defer(await startLightServers(Math.max(...SIZES) + SAMPLES * SIZES.length));
    const gateway = defer(await startBenchGateway());
    const { key } = await gateway.createAgent(['*']);
    let next = 0;
    const results = new Map<number, number[]>();
    for (const size of SIZES) {
      const missing = Array.from({ length: Math.max(0, size - next) }, () => next++);
      await runConcurrently(missing, 50, async (number) => {
        await gateway.register({ path: `team-${number % 20}/s${number}`, url: urls[number] });
      });
      const durationsMs: number[] = [];
      for (let sample = 0; sample < SAMPLES; sample += 1) {
        const number = next++;
        durationsMs.push(await timeRegistration(gateway, key, `team-${number % 20}/s${number}`, urls[number] ?? ''));
      }
      results.set(size, durationsMs);
    }
    const p95 = (size: number) => percentile(results.get(size) ?? [], 0.95);
    return {
      title: 'Registered → callable',
      method: `The whole gateway, light servers in one process, probed like any other. From sending POST /api/servers, including the probe of the server and the reload, to the response to a tools/call through the gateway on a new connection. ${SAMPLES} registrations one after another at each size, with that number of servers already registered.`,
      columns: ['servers', 'ms, median (least–most)', 'ms, p95'],
      rows: SIZES.map((size) => [String(size), showSpread(results.get(size) ?? [], 0), p95(size).toFixed(0)]),
      bars: [...BARS_MS].map(([size, ms]) => ({
        what: `${size} servers, p95`,
        bar: `≤ ${ms} ms`,
        value: `${p95(size).toFixed(0)} ms`,
        met: p95(size) <= ms,
      })),
      plot: renderPlot('registered → callable, ms', 'servers', [
        { name: 'median', points: SIZES.map((size) => [size, median(results.get(size) ?? [])] as const) },
        { name: 'p95', points: SIZES.map((size) => [size, p95(size)] as const) },
      ]),
    };
  });
