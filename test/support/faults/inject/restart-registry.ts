import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signIn, type AdminClient } from '../../gateway/admin-client.ts';
import { isRunning } from '../../processes/is-running.ts';
import { runProgram, type RunningProgram } from '../../processes/run-program.ts';
import { ROOT, type Gateway } from '../../gateway/start-gateway.ts';
import { waitFor } from '../../wait-for.ts';
import { findRegistry } from '../observe/find-processes.ts';

/** Kills a process and waits until it is gone. Throws if `pid` is not a process: 0 means the caller's own process group to kill(2). */
export async function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (!(pid > 1)) throw new Error(`${pid} is no process to be killed`);
  process.kill(pid, signal);
  await waitFor(`the end of ${pid}`, () => !isRunning(pid));
}

/** The command that switches to the user of a gateway, which is read from its NGINX. */
function readBecome(gateway: Gateway): string[] {
  const status = readFileSync(`/proc/${readFileSync(join(gateway.dataDir, 'run/nginx.pid'), 'utf8').trim()}/status`);
  const of = (name: string) => new RegExp(`^${name}:\\t(\\d+)`, 'm').exec(status.toString())?.[1] ?? '0';
  if (of('Uid') === String(process.getuid?.())) return [];
  return ['setpriv', `--reuid=${of('Uid')}`, `--regid=${of('Gid')}`, '--clear-groups'];
}

/** A registry that a test starts and kills itself, on the data of a gateway without supervisor (`supervised: false`). */
export interface OwnRegistry {
  program: RunningProgram;
  admin: AdminClient;
}

/** Runs a registry on the data of a gateway whose own was killed; `env` is added to the gateway's, `before` precedes its command. Stop it. */
export function runRegistry(
  gateway: Gateway,
  env: Record<string, string> = {},
  before: readonly string[] = [],
): RunningProgram {
  // By env(1): a preloaded library must not be loaded before the change of user.
  const own = ['env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  const node = join(ROOT, 'node_modules/.bin/node');
  const [first, ...rest] = [...before, ...readBecome(gateway), ...own, node, 'dist/registry.js'];
  return runProgram(first, rest, { cwd: ROOT, env: gateway.env });
}

/** For a shared machine. */
const LONGEST_START_MS = 120_000;

/** Waits until a registry responds on `path`: `/healthz` when it listens, `/readyz` when it has published. */
export async function waitUntilResponds(
  { registryUrl }: Gateway,
  program: RunningProgram,
  path: '/healthz' | '/readyz',
): Promise<void> {
  const found = await waitFor(
    path,
    async () => {
      if (!program.isRunning()) return `it ended: ${program.stderr()}${program.stdout()}`;
      return (await fetch(`${registryUrl}${path}`)).status === 200 && 'answered';
    },
    LONGEST_START_MS,
  );
  if (found !== 'answered') throw new Error(found);
}

/** Like `runRegistry`, but waits until it is ready. Stop its `program`. */
export async function startRegistry(
  gateway: Gateway,
  env: Record<string, string> = {},
  before: readonly string[] = [],
): Promise<OwnRegistry> {
  const program = runRegistry(gateway, env, before);
  try {
    await waitUntilResponds(gateway, program, '/readyz');
    const { ADMIN_USER: user, ADMIN_PASSWORD: password } = gateway.env;
    const admin = await signIn(gateway.registryUrl, user ?? 'admin', password ?? '');
    return { program, admin };
  } catch (error) {
    await program.stop('SIGKILL');
    throw error;
  }
}

/** Kills the registry of a gateway with SIGKILL; it is gone when this resolves. */
export async function killRegistry(gateway: Gateway): Promise<void> {
  await kill(findRegistry(gateway));
}
