import { findFreePorts } from '../../../test/support/processes/free-ports.ts';
import { NGINX_KINDS } from '../../../test/support/nginx/nginx-kinds.ts';
import { startBareProxy, startStaticUpstream, SESSION } from '../../backends/plain-nginx.ts';
import { startBenchGate } from '../../backends/start-bench-gate.ts';
import { withClosers } from '../../measure/closers.ts';
import { compareRivals, ratios, type Rival } from '../../measure/compare.ts';
import type { Bench } from '../../measure/report/report.ts';
import { median, showSpread } from '../../measure/statistics.ts';

const ROUNDS = 5;
const LOAD = { connections: 16, seconds: 3 };

/** The gate on every NGINX installed on this machine, each compared with a bare one of the same version. */
export const bench: Bench = () =>
  withClosers(async (defer) => {
    const [upstreamPort = 0, ...barePorts] = await findFreePorts(1 + NGINX_KINDS.length);
    defer(await startStaticUpstream(upstreamPort));
    const rivals: Rival[] = [];
    const names = NGINX_KINDS.map(({ facts }) => facts.version.join('.'));
    for (const [index, kind] of NGINX_KINDS.entries()) {
      const bare = defer(await startBareProxy(barePorts[index] ?? 0, upstreamPort, kind.command));
      const gate = defer(await startBenchGate(kind, upstreamPort));
      const name = names[index] ?? '';
      rivals.push(
        { name: `${name} bare`, url: bare.url, headers: { 'Mcp-Session-Id': SESSION }, pids: bare.workers },
        { name: `${name} gate`, url: gate.url, headers: gate.headers, pids: gate.workers },
      );
    }
    const rounds = await compareRivals(rivals, LOAD, ROUNDS);
    const cpuOf = (name: string) => (rounds.get(name) ?? []).map(({ cpuUs }) => cpuUs ?? 0);
    const toBare = (name: string) => ratios(rounds, `${name} gate`, `${name} bare`, ({ perSecond }) => perSecond);
    const addedUs = (name: string) =>
      ratios(rounds, `${name} gate`, `${name} bare`, ({ cpuUs }) => cpuUs ?? 0).map(
        (_, index) => (cpuOf(`${name} gate`)[index] ?? 0) - (cpuOf(`${name} bare`)[index] ?? 0),
      );
    return {
      title: 'Both Debian versions',
      method: `The rendered configuration and the gate without a registry, static upstream, all features enabled; wrk, ${LOAD.connections} connections, ${ROUNDS} rounds of ${LOAD.seconds} s in shuffled order, all in one run. NGINX 1.22.1 carries lua-nginx-module 0.10.23 (Debian 12), 1.26.3 carries 0.10.28 (Debian 13).`,
      columns: ['NGINX', '1000 calls/s', 'of its bare NGINX', 'CPU µs a call', 'added'],
      rows: names.map((name) => [
        name,
        showSpread(
          (rounds.get(`${name} gate`) ?? []).map(({ perSecond }) => perSecond / 1000),
          2,
        ),
        showSpread(toBare(name), 2),
        showSpread(cpuOf(`${name} gate`), 1),
        showSpread(addedUs(name), 1),
      ]),
      bars: names.flatMap((name) => [
        {
          what: `${name}: of bare \`proxy_pass\``,
          bar: '≥ 0.5',
          value: median(toBare(name)).toFixed(2),
          met: median(toBare(name)) >= 0.5,
        },
        {
          what: `${name}: CPU added a call`,
          bar: '≤ 25 µs',
          value: `${median(addedUs(name)).toFixed(1)} µs`,
          met: median(addedUs(name)) <= 25,
        },
      ]),
    };
  });
