import { callOnce } from '../../../test/support/faults/load/call-once.ts';
import { countReloads } from '../../../test/support/faults/observe/find-processes.ts';
import { startBenchGateway } from '../../backends/start-bench-gateway.ts';
import { runConcurrently, startLightServers } from '../../backends/start-light-servers.ts';
import { withClosers } from '../../measure/closers.ts';
import type { Bench } from '../../measure/report/report.ts';
import { median, showSpread } from '../../measure/statistics.ts';

const COUNT = 300;
const AT_ONCE = 50;
const ROUNDS = 3;

/** Many registrations at once: duration, number of reloads, and whether every server can be called. */
export const bench: Bench = async () => {
  const rounds: { seconds: number; reloads: number; lost: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    await withClosers(async (defer) => {
      const { urls } = defer(await startLightServers(COUNT));
      const gateway = defer(await startBenchGateway());
      const { key } = await gateway.createAgent(['*']);
      const numbers = urls.map((_, number) => number);
      const before = countReloads(gateway);
      const began = performance.now();
      await runConcurrently(numbers, AT_ONCE, async (number) => {
        await gateway.register({ path: `s${number}`, url: urls[number] });
      });
      const seconds = (performance.now() - began) / 1000;
      const reloads = countReloads(gateway) - before;
      let lost = 0;
      await runConcurrently(numbers, 8, async (number) => {
        const { text } = await callOnce(false, { url: gateway.url, path: `s${number}`, key }, 1);
        if (text !== '200') lost += 1;
      });
      rounds.push({ seconds, reloads, lost });
    });
  const all = (of: 'seconds' | 'reloads' | 'lost') => rounds.map((round) => round[of]);
  const most = (of: 'reloads' | 'lost') => Math.max(...all(of));
  return {
    title: 'Registrations at once',
    method: `${COUNT} registrations, ${AT_ONCE} at a time, each of a different server, which is probed; ${ROUNDS} rounds, each on a new gateway. Lost: servers that cannot be called right afterwards.`,
    columns: ['seconds', 'reloads', 'lost'],
    rows: [[showSpread(all('seconds'), 1), showSpread(all('reloads'), 0), String(most('lost'))]],
    bars: [
      {
        what: 'seconds',
        bar: '≤ 6 s',
        value: `${median(all('seconds')).toFixed(1)} s`,
        met: median(all('seconds')) <= 6,
      },
      { what: 'reloads', bar: '≤ 10', value: String(most('reloads')), met: most('reloads') <= 10 },
      { what: 'lost', bar: '0', value: String(most('lost')), met: most('lost') === 0 },
    ],
  };
};
