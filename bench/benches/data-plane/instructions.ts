import { findFreePorts } from '../../../test/support/processes/free-ports.ts';
import { NGINX_KINDS } from '../../../test/support/nginx/nginx-kinds.ts';
import { startBareProxy, startStaticUpstream, SESSION } from '../../backends/plain-nginx.ts';
import { startBenchGate } from '../../backends/start-bench-gate.ts';
import { withClosers } from '../../measure/closers.ts';
import { CALLS, countCall, WARM_CALLS } from '../../measure/callgrind/count-instructions.ts';
import type { Bench } from '../../measure/report/report.ts';

/** User-space instructions of a call: what the gate adds, independent of other load. */
export const bench: Bench = () =>
  withClosers(async (defer) => {
    const [upstreamPort = 0] = await findFreePorts(1);
    defer(await startStaticUpstream(upstreamPort));
    const rows: string[][] = [];
    for (const kind of NGINX_KINDS) {
      const bare = await countCall(async (command) => {
        const [port = 0] = await findFreePorts(1);
        const proxy = await startBareProxy(port, upstreamPort, command);
        return { ...proxy, headers: { 'Mcp-Session-Id': SESSION } };
      }, kind.command);
      const gate = await countCall((command) => startBenchGate({ ...kind, command }, upstreamPort), kind.command);
      const show = (count: number) => (count / 1000).toFixed(1);
      rows.push([kind.facts.version.join('.'), show(bare), show(gate), show(gate - bare), (gate / bare).toFixed(2)]);
    }
    return {
      title: 'Instructions of a call',
      method: `valgrind's callgrind counts the user-space instructions of all processes of an NGINX for ${WARM_CALLS} and for ${WARM_CALLS + CALLS} calls on one connection; their difference, divided by ${CALLS}, is one warm call. The kernel is not counted. The counts do not depend on other load of the machine.`,
      columns: ['NGINX', 'bare, thousands', 'gate, thousands', 'added', 'of bare'],
      rows,
      bars: [],
    };
  });
