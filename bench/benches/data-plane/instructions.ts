import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePorts } from '../../../test/support/processes/free-ports.ts';
import { NGINX_KINDS } from '../../../test/support/nginx/nginx-kinds.ts';
import { startBareProxy, startStaticUpstream, SESSION } from '../../backends/plain-nginx.ts';
import { startBenchGate } from '../../backends/start-bench-gate.ts';
import { withClosers } from '../../measure/closers.ts';
import type { Bench } from '../../measure/report.ts';

/** Enough for LuaJIT to have compiled what it compiles. */
const WARM_CALLS = 500;
const CALLS = 2_000;
const BODY = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'echo', arguments: { message: 'hello from the bench' } },
});

/** The programs that are counted: valgrind writes one file for each process into `folder` when it ends. */
function underCallgrind(command: readonly string[], folder: string): [string, ...string[]] {
  return [
    'valgrind',
    '--quiet',
    '--tool=callgrind',
    // LuaJIT writes machine code while it runs.
    '--smc-check=all-non-file',
    `--callgrind-out-file=${join(folder, 'out.%p')}`,
    ...command,
  ] as [string, ...string[]];
}

function sumInstructions(folder: string): number {
  const totals = readdirSync(folder).map((name) =>
    Number(/^(?:totals|summary): (\d+)/m.exec(readFileSync(join(folder, name), 'utf8'))?.[1] ?? 0),
  );
  if (!totals.some((total) => total > 0)) throw new Error(`valgrind wrote no counts into ${folder}`);
  return totals.reduce((sum, total) => sum + total, 0);
}

async function sendCalls(url: string, headers: Record<string, string>, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let call = 0; call < count; call += 1)
    await new Promise<void>((resolve, reject) => {
      const sent = request(
        url,
        {
          agent,
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
        },
        (reply) => {
          reply.resume();
          reply.on('error', reject);
          reply.on('end', () => {
            if (reply.statusCode === 200) resolve();
            else reject(new Error(`a call was answered ${reply.statusCode}`));
          });
        },
      );
      sent.on('error', reject);
      sent.end(BODY);
    });
  agent.destroy();
}

type Start = (command: readonly [string, ...string[]]) => Promise<{
  url: string;
  headers: Record<string, string>;
  close: () => Promise<unknown>;
}>;

/** Instructions of all processes for one run of `count` calls, from start to end. */
async function countRun(start: Start, command: readonly string[], count: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-callgrind-'));
  try {
    const running = await start(underCallgrind(command, folder));
    try {
      await sendCalls(running.url, running.headers, count);
    } finally {
      await running.close();
    }
    return sumInstructions(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Instructions that one more call takes, once everything is warm. */
async function countCall(start: Start, command: readonly string[]): Promise<number> {
  const less = await countRun(start, command, WARM_CALLS);
  return ((await countRun(start, command, WARM_CALLS + CALLS)) - less) / CALLS;
}

/** User-space instructions of a call: what the gate adds, whatever else the machine does. */
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
      method: `valgrind's callgrind counts the user-space instructions of all processes of an NGINX for ${WARM_CALLS} and for ${WARM_CALLS + CALLS} calls on one connection; the difference is one call, warm. The kernel is not counted. The counts do not depend on what else the machine does.`,
      columns: ['NGINX', 'bare, thousands', 'gate, thousands', 'added', 'of bare'],
      rows,
      bars: [],
    };
  });
