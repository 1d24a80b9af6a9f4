import { join } from 'node:path';
import { readSettings } from '../../../registry/settings/settings.ts';
import { handOver } from '../../../scripts/start/privileges/hand-over.ts';
import { dropPrivilegesCommand, ensureSystemUser } from '../../../scripts/start/privileges/system-user.ts';
import { runProgram, type RunningProgram } from '../processes/run-program.ts';
import { waitFor } from '../wait-for.ts';

/** The registry and NGINX as two plain children, as the same user and with the same run script for NGINX as start.sh; nothing is restarted. */
export async function runWithoutSupervisor(root: string, env: Record<string, string>): Promise<RunningProgram> {
  const node = join(root, 'node_modules/.bin/node');
  const isRoot = process.getuid?.() === 0;
  if (isRoot) handOver(root, readSettings(env, root), ensureSystemUser());
  const withParent = env['MCPGW_END_WITH_PARENT'] === 'yes' ? ['setpriv', '--pdeathsig=TERM', '--'] : [];
  const become = [...(isRoot ? dropPrivilegesCommand(false) : []), ...withParent];
  const dataDir = env['DATA_DIR'] ?? '';
  const run = (command: string, args: string[], cwd: string) => {
    const [first = command, ...rest] = [...become, command, ...args];
    return runProgram(first, rest, {
      cwd,
      env: {
        ...env,
        MCPGW_ROOT: root,
        MCPGW_DATA_DIR: dataDir,
        MCPGW_LOG_DIR: env['LOG_DIR'] ?? join(dataDir, 'logs'),
        MCPGW_NGINX_BIN: env['NGINX_BIN'] ?? 'nginx',
      },
    });
  };
  const registry = run(node, ['dist/registry.js'], root);
  const nginx = run(
    'sh',
    [
      '-c',
      'mkdir -p "$MCPGW_DATA_DIR/nginx-alone" && cd "$MCPGW_DATA_DIR/nginx-alone" && exec "$MCPGW_ROOT/scripts/services/nginx.sh"',
    ],
    root,
  );
  const both = () => `${registry.stdout()}${registry.stderr()}${nginx.stdout()}${nginx.stderr()}`;
  const stop = async (signal?: NodeJS.Signals) => {
    await registry.stop(signal);
    return nginx.stop(signal);
  };
  return {
    ...registry,
    stdout: both,
    stop,
    async line() {
      try {
        const state = await waitFor(
          '/readyz through NGINX',
          async () => {
            if (!registry.isRunning() || !nginx.isRunning()) return 'ended';
            const answer = await fetch(`http://127.0.0.1:${env['GATEWAY_PORT']}/readyz`);
            return answer.status === 200 && 'ready';
          },
          // On a busy machine the start of the registry alone may take 30 s.
          120_000,
        );
        if (state === 'ended') throw new Error('the registry or NGINX ended');
        return state;
      } catch (error) {
        await stop();
        throw new Error(`no gateway: ${both()}`, { cause: error });
      }
    },
  };
}
