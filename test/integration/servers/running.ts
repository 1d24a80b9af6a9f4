import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../../support/wait-for.ts';

/** A port on which nothing listened a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

export interface Running {
  port: number;
  /** Its output so far. */
  output: () => string;
  stop(): Promise<void>;
}

async function answers(port: number): Promise<boolean> {
  try {
    await fetch(`http://localhost:${port}/`, { signal: AbortSignal.timeout(2_000) });
    return true;
  } catch {
    return false;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Starts one of the real MCP servers in node_modules and waits until it responds over HTTP. */
export async function startServer(
  bin: string,
  args: (port: number) => string[],
  env: (port: number) => Record<string, string> = () => ({}),
): Promise<Running> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-backend-'));
  const child = spawn(process.execPath, [join(process.cwd(), 'node_modules/.bin', bin), ...args(port)], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...env(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const stop = async () => {
    await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const stopAndThrow = async (error: unknown) => {
    await stop();
    throw error;
  };
  const hasEnded = () => child.exitCode !== null;
  await waitFor(`a response of ${bin}`, async () => hasEnded() || (await answers(port))).catch(stopAndThrow);
  if (hasEnded()) await stopAndThrow(new Error(`${bin} ended: ${output}`));
  return { port, output: () => output, stop };
}

export const startEverything = (kind: 'streamableHttp' | 'sse') =>
  startServer(
    'mcp-server-everything',
    () => [kind],
    (port) => ({ PORT: String(port) }),
  );
