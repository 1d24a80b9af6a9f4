import { join } from 'node:path';
import { runProgram } from '../../test/support/run-program.ts';
import { ROOT } from '../../test/support/start-gateway.ts';
import { waitFor } from '../../test/support/wait-for.ts';

/** Starts sdk-server.ts on a port of loopback and waits until it answers. */
export async function startSdkServer(port: number): Promise<{ url: string; close: () => Promise<void> }> {
  const program = runProgram(join(ROOT, 'node_modules/.bin/node'), [join(import.meta.dirname, 'sdk-server.ts')], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', PORT: String(port) },
    cwd: ROOT,
  });
  const url = `http://127.0.0.1:${port}/mcp`;
  await waitFor('the SDK server', async () => (await fetch(url)).status === 405);
  return {
    url,
    close: async () => {
      await program.stop('SIGKILL');
    },
  };
}
