import { findFreePorts } from '../../test/support/free-ports.ts';
import { listChildren } from '../../test/support/list-processes.ts';
import { SYSTEM_NGINX } from '../../test/support/nginx/nginx-kinds.ts';
import { waitFor } from '../../test/support/wait-for.ts';
import { startBareProxy, startStaticUpstream, SESSION } from '../backends/plain-nginx.ts';
import { shortenGate, STEPS, type Step } from '../backends/shorten-gate.ts';
import { startBenchGate } from '../backends/start-bench-gate.ts';
import { withClosers } from '../measure/closers.ts';
import { compareRivals, type Rival } from '../measure/compare.ts';
import type { Bench } from '../measure/report.ts';
import { median, showSpread } from '../measure/statistics.ts';

const ROUNDS = 5;
const LOAD = { connections: 16, seconds: 2 };

async function startShortened(step: Step, upstreamPort: number) {
  const started = await startBenchGate(SYSTEM_NGINX, upstreamPort);
  shortenGate(started.gate.folders.confDir, step);
  const before = started.workers();
  process.kill(started.gate.nginx.pid, 'SIGHUP');
  await waitFor('the new worker alone', () => {
    const now = listChildren(started.gate.nginx.pid);
    return now.length === 1 && now.every((pid) => !before.includes(pid));
  });
  return started;
}

/** What each step of the gate costs: the same NGINX with a gate that stops ever later. */
export const bench: Bench = () =>
  withClosers(async (keep) => {
    const [upstreamPort = 0, barePort = 0] = await findFreePorts(2);
    keep(await startStaticUpstream(upstreamPort));
    const bare = keep(await startBareProxy(barePort, upstreamPort));
    const rivals: Rival[] = [
      { name: 'bare', url: bare.url, headers: { 'Mcp-Session-Id': SESSION }, pids: bare.workers },
    ];
    for (const [step] of STEPS) {
      const { url, headers, workers } = keep(await startShortened(step, upstreamPort));
      rivals.push({ name: step, url, headers, pids: workers });
    }
    const rounds = await compareRivals(rivals, LOAD, ROUNDS);
    const cpuOf = (name: string) => (rounds.get(name) ?? []).map(({ cpuUs }) => cpuUs ?? 0);
    const names = rivals.map(({ name }) => name);
    const what = new Map<string, string>([['bare', 'bare NGINX: `proxy_pass` alone, no log'], ...STEPS]);
    return {
      title: 'Steps of the gate',
      method: `NGINX 1.22.1, njs 0.7.9, our whole rendered configuration (maps, log, headers), with a gate that sends the call on after the step named: what the step before did is in it. wrk, ${LOAD.connections} connections, ${ROUNDS} rounds of ${LOAD.seconds} s in shuffled order. CPU time of the worker, which a crowded machine raises less than it lowers the calls.`,
      columns: ['step', 'CPU µs a call', 'of them this step', '1000 calls/s'],
      rows: names.map((name, index) => [
        what.get(name) ?? name,
        showSpread(cpuOf(name), 1),
        index === 0 ? '' : (median(cpuOf(name)) - median(cpuOf(names[index - 1] ?? ''))).toFixed(1),
        showSpread(
          (rounds.get(name) ?? []).map(({ perSecond }) => perSecond / 1000),
          2,
        ),
      ]),
      bars: [],
    };
  });
