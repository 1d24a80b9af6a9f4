import type { ToolLockMode } from '../../contract/index.ts';
import type { Rows, StoredServer } from '../../store/index.ts';
import { readStates, readVariants } from '../snapshot/instance-lists.ts';
import { evaluateLock, type LockEvaluation } from './evaluate-lock.ts';

export type PolicyRows = Pick<Rows, 'toolLocks' | 'servers' | 'tools' | 'observations'>;

/** Compares all stored tools of a server with its approvals. */
export async function evaluateServer(
  rows: PolicyRows,
  server: StoredServer,
  mode: ToolLockMode,
): Promise<LockEvaluation> {
  const hashes = await rows.tools.hashes(server.id);
  return evaluateLock(mode, {
    listed: [...hashes].map(([name, hash]) => ({ name, hash })),
    others: await readVariants(rows, server, hashes),
    approvals: await rows.toolLocks.approvals(server.id),
    ...readStates(server),
  });
}
