import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Enough for LuaJIT to finish compiling. */
export const WARM_CALLS = 500;
export const CALLS = 2_000;

/** The body of a small call. */
export const CALL_BODY = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name: 'echo', arguments: { message: 'hello from the bench' } },
});

/** The command under callgrind: valgrind writes one file for each process into `folder` when it ends. */
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

/** Sends the same request `count` times, one after another on one connection. Throws for one that fails. */
export async function sendCalls(
  url: string,
  headers: Record<string, string>,
  count: number,
  body = CALL_BODY,
): Promise<void> {
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
      sent.end(body);
    });
  agent.destroy();
}

/** Starts the programs to count, with a command for NGINX. */
export type Start = (command: readonly [string, ...string[]]) => Promise<{
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

/** Instructions of one further call, once everything is warm. */
export async function countCall(start: Start, command: readonly string[]): Promise<number> {
  const less = await countRun(start, command, WARM_CALLS);
  return ((await countRun(start, command, WARM_CALLS + CALLS)) - less) / CALLS;
}
