import type { Kysely } from 'kysely';
import type { ToolIssue, ToolIssueKind } from '../../../contract/index.ts';
import type { Tables } from '../../tables.ts';

type ToolIssueRow = Tables['tool_issues'];

function readIssue({ kind, count, since }: Omit<ToolIssueRow, 'server_id'>): ToolIssue {
  return { kind: kind as ToolIssueKind, count, since };
}

/** Issues of each server's tools that need attention. */
export function createToolIssueRows(db: Kysely<Tables>) {
  return {
    /** By server id; servers without an issue have no entry. */
    async all(): Promise<ReadonlyMap<string, readonly ToolIssue[]>> {
      const rows = await db.selectFrom('tool_issues').selectAll().orderBy('kind').execute();
      const byServer = Map.groupBy(rows, (row) => row.server_id);
      return new Map([...byServer].map(([id, found]) => [id, found.map(readIssue)]));
    },

    async byServer(serverId: string): Promise<ToolIssue[]> {
      const rows = await db
        .selectFrom('tool_issues')
        .selectAll()
        .where('server_id', '=', serverId)
        .orderBy('kind')
        .execute();
      return rows.map(readIssue);
    },

    /** Replaces the issues of a server. */
    async put(serverId: string, issues: readonly ToolIssue[]): Promise<void> {
      await db.deleteFrom('tool_issues').where('server_id', '=', serverId).execute();
      if (issues.length === 0) return;
      const rows = issues.map((issue) => ({ server_id: serverId, ...issue }));
      await db.insertInto('tool_issues').values(rows).execute();
    },
  };
}
