import { createServer } from 'node:http';
import { listen } from '../../../test/fixtures/kit/listen.ts';
import { findFreePorts } from '../../../test/support/processes/free-ports.ts';
import { SYSTEM_NGINX } from '../../../test/support/nginx/nginx-kinds.ts';
import type { GrantFile, KeyFile } from '../../../registry/contract/gate/access-files.ts';
import { startStaticUpstream } from '../../backends/plain-nginx.ts';
import { startBenchGate } from '../../backends/start-bench-gate.ts';
import { withClosers } from '../../measure/closers.ts';
import { CALLS, countCall, sendCalls, WARM_CALLS } from '../../measure/callgrind/count-instructions.ts';
import { readCpuTimeUs } from '../../measure/cpu-time.ts';
import type { Bench } from '../../measure/report/report.ts';
import { median, showSpread } from '../../measure/statistics.ts';

const AGENTS = [1, 100, 10_000];
const RULES = [1, 100, 1_000];
const TOOLS = 100;
const LISTS = 1_000;
const ROUNDS = 5;

/** Grants of which only the last allows the call: a gate that tries them one by one tries all. */
const createGrants = (count: number): GrantFile[] => [
  ...Array.from({ length: count - 1 }, (_, n) => ({ server: `team/server-${n}`, tools: [`tool_${n}`, `get_${n}_*`] })),
  { server: 'static', tools: ['echo'] },
];

const listReply = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  result: {
    tools: Array.from({ length: TOOLS }, (_, n) => ({
      name: `${n % 2 === 0 ? 'get' : 'set'}_${n}`,
      description: `Reads or writes the value number ${n} of the bench and says what it was before.`,
      inputSchema: {
        type: 'object',
        properties: { path: { type: 'string', description: 'Which one' }, deep: { type: 'boolean' } },
        required: ['path'],
      },
    })),
  },
});
const LIST_BODY = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });

/** Cost of a call as the number of agents and rules grows, and cost of filtering a list of tools. */
export const bench: Bench = () =>
  withClosers(async (defer) => {
    const [upstreamPort = 0, listPort = 0] = await findFreePorts(2);
    defer(await startStaticUpstream(upstreamPort));
    const count = (agents: number, rules: number) =>
      countCall(
        (command) =>
          startBenchGate({ ...SYSTEM_NGINX, command }, upstreamPort, {
            agents,
            agent: { grants: createGrants(rules) } satisfies Partial<KeyFile>,
          }),
        SYSTEM_NGINX.command,
      );
    const byAgents: number[] = [];
    for (const agents of AGENTS) byAgents.push(await count(agents, 1));
    const byRules = [byAgents[0] ?? 0];
    for (const rules of RULES.slice(1)) byRules.push(await count(1, rules));

    const list = createServer((request, reply) => {
      request.resume();
      reply.setHeader('Content-Type', 'application/json').end(listReply);
    });
    defer(await listen(list, '/mcp', listPort));
    const { gate, url, workers } = defer(await startBenchGate(SYSTEM_NGINX, listPort, { sessions: false }));
    const filtered = gate.access.addAgent('cut', { grants: [{ server: 'static', tools: ['get_*'] }] });
    const whole = gate.access.addAgent('whole');
    async function measureList(key: string): Promise<number> {
      const before = readCpuTimeUs(workers());
      await sendCalls(url, { authorization: `Bearer ${key}` }, LISTS, LIST_BODY);
      return (readCpuTimeUs(workers()) - before) / LISTS;
    }
    for (const key of [whole, filtered]) await measureList(key);
    const addedUs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const plainUs = await measureList(whole);
      addedUs.push((await measureList(filtered)) - plainUs);
    }

    const show = (list: readonly number[], at: number) => ((list[at] ?? 0) / 1_000).toFixed(1);
    const spread = (list: readonly number[]) => Math.max(...list) / Math.min(...list);
    const flat = (what: string, list: readonly number[]) => ({
      what,
      bar: '≤ 1.10',
      value: spread(list).toFixed(3),
      met: spread(list) <= 1.1,
    });
    const addedMs = median(addedUs) / 1_000;
    return {
      title: 'Access: agents, rules and lists',
      method: `Calls: user-space instructions of all processes of an NGINX with the gate by valgrind's callgrind, ${WARM_CALLS} and ${WARM_CALLS + CALLS} calls on one connection; their difference, divided by ${CALLS}, is one warm call, independent of other load of the machine. Only the last rule of the agent allows the call, the others are for other servers. Lists: CPU time of the worker for \`tools/list\` of ${TOOLS} tools (${(listReply.length / 1024).toFixed(0)} KB), for an agent that may use half of them, minus the time for one that may use all; ${ROUNDS} rounds of ${LISTS}.`,
      columns: ['', 'thousand instructions per call', 'CPU µs per list'],
      rows: [
        ...AGENTS.map((agents, at) => [`${agents.toLocaleString('en')} agents, 1 rule`, show(byAgents, at), '']),
        ...RULES.slice(1).map((rules, at) => [
          `1 agent, ${rules.toLocaleString('en')} rules`,
          show(byRules, at + 1),
          '',
        ]),
        [`filtering a list of ${TOOLS} tools`, '', showSpread(addedUs, 0)],
      ],
      bars: [
        flat('a call with 1, 100 and 10,000 agents, maximum / minimum', byAgents),
        flat('a call with 1, 100 and 1,000 rules, maximum / minimum', byRules),
        {
          what: `list filter for ${TOOLS} tools`,
          bar: '≤ 0.3 ms',
          value: `${addedMs.toFixed(2)} ms`,
          met: addedMs <= 0.3,
        },
      ],
    };
  });
