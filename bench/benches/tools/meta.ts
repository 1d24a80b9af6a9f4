import { startHangs } from '../../../test/fixtures/backends/faulty/hangs.ts';
import { startLightServers } from '../../../test/fixtures/backends/compliant/light-servers.ts';
import { connectClient } from '../../../test/support/gateway/call-tool.ts';
import { waitFor } from '../../../test/support/wait-for.ts';
import { startBenchGateway } from '../../backends/start-bench-gateway.ts';
import { withClosers } from '../../measure/closers.ts';
import type { Bench } from '../../measure/report/report.ts';
import { percentile, showSpread } from '../../measure/statistics.ts';

const SERVERS = 50;
const HANGING = 3;
const CALLS = 200;
const BAR_MS = 50;

/** The calls that the meta endpoint answers from its own data. */
const TOOL_CALLS: [name: string, args: Record<string, unknown>][] = [
  ['gateway_list_servers', {}],
  ['gateway_list_tools', { server: 's0' }],
  ['gateway_search_tools', { query: 'create something' }],
];

/** Calls that the meta endpoint answers from its own data, while servers are down or never respond. */
export const bench: Bench = () =>
  withClosers(async (defer) => {
    const { urls } = defer(await startLightServers({ count: SERVERS }));
    const gateway = defer(await startBenchGateway({ HEALTH_TIMEOUT_MS: '1000' }));
    for (const [index, url] of urls.entries()) await gateway.register({ path: `s${index}`, url });
    for (let index = 0; index < HANGING; index += 1) {
      await gateway.register({ path: `hangs${index}`, url: defer(await startHangs()).url });
      await gateway.register({ path: `down${index}`, url: 'http://127.0.0.1:9/mcp' });
    }
    const { key, name } = await gateway.createAgent(['*']);
    await gateway.admin.must('PATCH', `/api/agents/${name}`, { toolList: 'meta' });
    const client = defer(await connectClient(`${gateway.url}/mcp`, key));
    await waitFor('known tools', async () =>
      JSON.stringify(await client.callTool({ name: 'gateway_search_tools', arguments: { query: 'create' } })).includes(
        'inputSchema',
      ),
    );
    const waiting = Array.from({ length: HANGING }, (_, index) =>
      client
        .callTool({ name: 'gateway_invoke', arguments: { server: `hangs${index}`, tool: 'x', arguments: {} } })
        .catch(() => undefined),
    );
    const found = TOOL_CALLS.map((): number[] => []);
    for (let call = 0; call < CALLS; call += 1)
      for (const [index, [tool, args]] of TOOL_CALLS.entries()) {
        const began = performance.now();
        await client.callTool({ name: tool, arguments: args });
        found[index]?.push(performance.now() - began);
      }
    await client.close();
    await Promise.all(waiting);
    const longest = Math.max(...found.map((times) => percentile(times, 0.95)));
    return {
      title: 'Answers of the meta endpoint',
      method: `A gateway with ${SERVERS} servers, ${HANGING} that accept connections and never respond, and ${HANGING} that are down; an agent may use all. The official SDK sends each call ${CALLS} times, while a call to each hanging server waits.`,
      columns: ['call', 'ms', 'ms, p95'],
      rows: TOOL_CALLS.map(([tool, args], index) => [
        [tool, ...Object.values(args).map((value) => `"${String(value)}"`)].join(' '),
        showSpread(found[index] ?? [], 1),
        percentile(found[index] ?? [], 0.95).toFixed(1),
      ]),
      bars: [
        {
          what: 'longest p95',
          bar: `≤ ${BAR_MS} ms`,
          value: `${longest.toFixed(1)} ms`,
          met: longest <= BAR_MS,
        },
      ],
    };
  });
