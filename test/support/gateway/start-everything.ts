import { join } from 'node:path';
import { findFreePorts } from '../processes/free-ports.ts';
import { runProgram } from '../processes/run-program.ts';
import { waitFor } from '../wait-for.ts';

/** The reference MCP server (server-everything, Streamable HTTP with sessions) as a separate process on a free port of loopback. */
export async function startEverything(): Promise<{
  url: string;
  port: number;
  pid: number;
  close: () => Promise<void>;
}> {
  const root = join(import.meta.dirname, '../../..');
  const [port = 0] = await findFreePorts(1);
  const program = runProgram(join(root, 'node_modules/.bin/node'), [join(root, 'scripts/start/demo/demo-server.ts')], {
    env: { PATH: process.env['PATH'], PORT: String(port) },
    cwd: root,
  });
  const url = `http://127.0.0.1:${port}/mcp`;
  await waitFor('server-everything', async () => (await fetch(url)).status > 0);
  return {
    url,
    port,
    pid: program.pid,
    close: async () => {
      await program.stop('SIGKILL');
    },
  };
}
