import { join } from 'node:path';
import { runProgram } from '../../test/support/processes/run-program.ts';
import { ROOT } from '../../test/support/gateway/start-gateway.ts';
import { waitFor } from '../../test/support/wait-for.ts';

export interface NodeProcess {
  url: string;
  pid: number;
  close: () => Promise<void>;
}

/** Starts a file of this folder on a port of loopback, and waits until it responds. */
export async function startNodeProcess(
  file: string,
  port: number,
  env: Record<string, string> = {},
): Promise<NodeProcess> {
  const program = runProgram(join(ROOT, 'node_modules/.bin/node'), [join(import.meta.dirname, file)], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', PORT: String(port), ...env },
    cwd: ROOT,
  });
  const url = `http://127.0.0.1:${port}/mcp`;
  await waitFor(file, async () => (await fetch(url)).status < 500);
  return {
    url,
    pid: program.pid,
    close: async () => {
      await program.stop('SIGKILL');
    },
  };
}
