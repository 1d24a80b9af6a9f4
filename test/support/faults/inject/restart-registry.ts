import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signIn, type AdminClient } from '../../gateway/admin-client.ts';
import { isRunning } from '../../processes/is-running.ts';
import { runProgram, type RunningProgram } from '../../processes/run-program.ts';
import { ROOT, type Gateway } from '../../gateway/start-gateway.ts';
import { waitFor } from '../../wait-for.ts';
import { findRegistry } from '../observe/find-processes.ts';

/** Kills a process and waits until it is gone. Throws when this is no process: kill(2) takes 0 for all of the caller's own group. */
export async function kill(pid: number, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (!(pid > 1)) throw new Error(`${pid} is no process to be killed`);
  process.kill(pid, signal);
  await waitFor(`the end of ${pid}`, () => !isRunning(pid));
}

/** As whom a gateway runs, read from its NGINX: the command that becomes that user. */
function readBecome(gateway: Gateway): string[] {
  const status = readFileSync(`/proc/${readFileSync(join(gateway.dataDir, 'run/nginx.pid'), 'utf8').trim()}/status`);
  const of = (name: string) => new RegExp(`^${name}:\\t(\\d+)`, 'm').exec(status.toString())?.[1] ?? '0';
  if (of('Uid') === String(process.getuid?.())) return [];
  return ['setpriv', `--reuid=${of('Uid')}`, `--regid=${of('Gid')}`, '--clear-groups'];
}

/** A registry that a test starts and kills itself, on the data of a gateway that nobody supervises (`supervised: false`). */
export interface OwnRegistry {
  program: RunningProgram;
  admin: AdminClient;
}

/** Runs a registry on the data of a gateway whose own was killed; `env` beside the gateway's, `before` in front of its command. Stop it. */
export function runRegistry(
  gateway: Gateway,
  env: Record<string, string> = {},
  before: readonly string[] = [],
): RunningProgram {
  // By env(1): what is preloaded must not see the change of user before it.
  const own = ['env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  const node = join(ROOT, 'node_modules/.bin/node');
  const [first, ...rest] = [...before, ...readBecome(gateway), ...own, node, 'dist/registry.js'];
  return runProgram(first, rest, { cwd: ROOT, env: gateway.env });
}

/** On a machine that others use too. */
const LONGEST_START_MS = 120_000;

/** Waits until a registry answers on `path`: `/healthz` when it listens, `/readyz` when it has published. */
export async function waitUntilAnswers(
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

/** As `runRegistry`, and waits until it is ready. Stop its `program`. */
export async function startRegistry(
  gateway: Gateway,
  env: Record<string, string> = {},
  before: readonly string[] = [],
): Promise<OwnRegistry> {
  const program = runRegistry(gateway, env, before);
  try {
    await waitUntilAnswers(gateway, program, '/readyz');
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
