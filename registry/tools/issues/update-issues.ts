import type { ToolIssue } from '../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import { evaluateServer } from '../lock/evaluate-server.ts';
import { listMalformed } from '../snapshot/instance-lists.ts';
import { countIssues } from './count-issues.ts';

/**
 * Recounts the issues of a server's tools and stores them; an issue that already existed retains its `since`. Returns whether anything
 * changed. To be called after everything that a tool lock depends on is written.
 */
export async function updateIssues(store: Pick<Store, 'transaction'>, serverId: string): Promise<boolean> {
  return store.transaction(async (rows) => {
    const server = await rows.servers.byId(serverId);
    const before = await rows.toolIssues.byServer(serverId);
    let issues: ToolIssue[] = [];
    if (server !== undefined && server.removedAt === null) {
      const lock = await rows.toolLocks.byServer(serverId);
      const counts = countIssues({
        evaluation: lock === undefined ? null : await evaluateServer(rows, server, lock.mode),
        flagged: await rows.tools.flagged(serverId),
        malformed: listMalformed(server).length,
      });
      const now = new Date().toISOString();
      const sinceOf = new Map(before.map(({ kind, since }) => [kind, since]));
      issues = [...counts]
        .map(([kind, count]) => ({ kind, count, since: sinceOf.get(kind) ?? now }))
        .sort((a, b) => (a.kind < b.kind ? -1 : 1));
    }
    if (JSON.stringify(issues) === JSON.stringify(before)) return false;
    await rows.toolIssues.put(serverId, issues);
    return true;
  });
}
