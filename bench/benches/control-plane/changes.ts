import { countReloads } from '../../../test/support/faults/observe/find-processes.ts';
import { startLoad } from '../../../test/support/faults/load/load.ts';
import { startBenchGateway } from '../../backends/start-bench-gateway.ts';
import { startLightServers } from '../../backends/start-light-servers.ts';
import { withClosers } from '../../measure/closers.ts';
import type { Bench } from '../../measure/report/report.ts';
import { percentile, showSpread } from '../../measure/statistics.ts';

const CHANGES = 50;
const CONNECTIONS = 16;

/** Published changes while agents call over keep-alive connections: failed calls, and the duration of a change. */
export const bench: Bench = () =>
  withClosers(async (defer) => {
    const { urls } = defer(await startLightServers(2));
    const gateway = defer(await startBenchGateway());
    const { key } = await gateway.createAgent(['*']);
    await gateway.register({ path: 'calm', url: urls[0] });
    await gateway.register({ path: 'spare', url: urls[1] });
    const load = startLoad({ url: gateway.url, path: 'calm', key, connections: CONNECTIONS });
    const durationsMs: number[] = [];
    let reloads = 0;
    try {
      await load.answers(100);
      const before = countReloads(gateway);
      for (let change = 1; change <= CHANGES; change += 1) {
        const began = performance.now();
        await gateway.admin.must('PATCH', '/api/servers/spare', { timeouts: { readMs: 10_000 + change } });
        durationsMs.push(performance.now() - began);
        await load.answers(CONNECTIONS);
      }
      reloads = countReloads(gateway) - before;
    } finally {
      await load.stop();
    }
    const report = load.report();
    const failed = report.calls - (report.outcomes['200'] ?? 0);
    const failures = Object.entries(report.outcomes).filter(([outcome]) => outcome !== '200');
    return {
      title: 'Changes under load',
      method: `${CONNECTIONS} keep-alive connections, each calling as fast as responses arrive; ${CHANGES} changes of another server's route one after another, each a reload. No call is repeated. The client is a single Node process, which uses a whole core.`,
      columns: [
        'calls',
        'failed',
        'changes',
        'reloads',
        'a change, ms',
        'p95',
        'longest call, ms',
        'connections opened',
      ],
      rows: [
        [
          String(report.calls),
          String(failed),
          String(CHANGES),
          String(reloads),
          showSpread(durationsMs, 0),
          percentile(durationsMs, 0.95).toFixed(0),
          String(report.longestMs),
          String(report.connectionsOpened),
        ],
      ],
      bars: [{ what: 'failed calls', bar: '0', value: String(failed), met: failed === 0 }],
      notes:
        failures.length === 0 ? [] : [`Failed: ${failures.map(([what, times]) => `${what} × ${times}`).join(', ')}`],
    };
  });
