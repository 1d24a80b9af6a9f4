import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';

/** The variable that every process below the bridge has in its environment. */
const MARK = 'MCPGW_BRIDGE_RUN';

export interface OrphanGuard {
  /** To be added to the environment of every program. */
  environment: Record<string, string>;
}

/**
 * Starts a process that outlives this one and then kills all processes that the programs left behind. A process group alone is not enough: a
 * program may leave its group, and a bridge that was killed with SIGKILL cannot end any group. `script` is end-orphans.sh.
 */
export function startOrphanGuard(script: string): OrphanGuard {
  const value = randomBytes(16).toString('hex');
  const guard = spawn('/bin/sh', [script, `${MARK}=${value}`], {
    detached: true,
    env: { PATH: process.env['PATH'] },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  return { environment: { [MARK]: value } };
}
