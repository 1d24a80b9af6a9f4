import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../test/support/gateway/start-gateway.ts';
import { findFreePort } from '../../test/support/processes/free-ports.ts';
import { runProgram } from '../../test/support/processes/run-program.ts';
import { waitFor } from '../../test/support/wait-for.ts';

/** Another program that offers a stdio server over Streamable HTTP. */
export interface StdioPeer {
  name: string;
  url: string;
  pid: number;
  close: () => Promise<void>;
}

const NODE = join(ROOT, 'node_modules/.bin/node');
// As documented in their help for a stdio server with sessions over Streamable HTTP.
const PEERS: Record<string, (port: number, command: string[]) => string[]> = {
  'mcp-proxy': (port, command) => [
    ...['--host', '127.0.0.1', '--port', String(port), '--server', 'stream', '--'],
    ...command,
  ],
  supergateway: (port, command) => [
    ...['--stdio', command.join(' '), '--outputTransport', 'streamableHttp', '--stateful'],
    ...['--port', String(port), '--logLevel', 'none'],
  ],
};

/** Fetches mcp-proxy and supergateway from npm into a temporary folder, and starts each with this server. */
export async function startStdioPeers(command: string[]): Promise<{ peers: StdioPeer[]; close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-peers-'));
  const peers: StdioPeer[] = [];
  const close = async () => {
    for (const peer of peers) await peer.close();
    rmSync(folder, { recursive: true });
  };
  try {
    writeFileSync(join(folder, 'package.json'), '{}');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    execFileSync('npm', ['install', ...quiet, ...Object.keys(PEERS)], { cwd: folder, stdio: 'ignore' });
    for (const [name, args] of Object.entries(PEERS)) {
      const home = join(folder, 'node_modules', name);
      const { version, bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
        version: string;
        bin: string | Record<string, string>;
      };
      const port = await findFreePort();
      const file = join(home, typeof bin === 'string' ? bin : (bin[name] ?? ''));
      const program = runProgram(NODE, [file, ...args(port, command)], {
        env: { PATH: process.env['PATH'], HOME: folder, NODE_ENV: 'production' },
        cwd: folder,
      });
      const url = `http://127.0.0.1:${port}/mcp`;
      peers.push({
        ...{ name: `${name} ${version}`, url, pid: program.pid },
        close: async () => {
          await program.stop();
        },
      });
      await waitFor(name, async () => (await fetch(url)).status < 500);
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { peers, close };
}
