import { TableNode, type KyselyPlugin, type OperationNode, type RootOperationNode } from 'kysely';
import type { Tables } from '../tables.ts';

export interface Writes {
  plugin: KyselyPlugin;
  /** Changes with every write to one of the tables through this Kysely. */
  countOf(...tables: (keyof Tables)[]): number;
}

const ANY = '*';

function nameOf(node: OperationNode | undefined): string {
  return node !== undefined && TableNode.is(node) ? node.table.identifier.name : ANY;
}

/** The table that a statement writes to, `*` if unknown, null if it only reads. */
function writtenTable(node: RootOperationNode): string | null {
  switch (node.kind) {
    case 'SelectQueryNode':
      return null;
    case 'InsertQueryNode':
      return nameOf(node.into);
    case 'UpdateQueryNode':
      return nameOf(node.table);
    case 'DeleteQueryNode':
      return node.from.froms.length === 1 ? nameOf(node.from.froms[0]) : ANY;
    case 'RawNode':
      return /^\s*select\b/i.test(node.sqlFragments[0] ?? '') ? null : ANY;
    default:
      return ANY;
  }
}

/**
 * Counts the writes to each table, so that caches can be invalidated. Each write is counted twice, before and after it runs: a read in
 * between is outdated too. Rows that a foreign key deletes are not counted; servers are never deleted, only marked.
 */
export function countWrites(): Writes {
  const counts = new Map<string, number>();
  const tableOf = new WeakMap<object, string>();
  const count = (table: string) => counts.set(table, (counts.get(table) ?? 0) + 1);
  return {
    plugin: {
      transformQuery({ node, queryId }) {
        const table = writtenTable(node);
        if (table !== null) {
          tableOf.set(queryId, table);
          count(table);
        }
        return node;
      },
      transformResult({ queryId, result }) {
        const table = tableOf.get(queryId);
        if (table !== undefined) count(table);
        return Promise.resolve(result);
      },
    },
    countOf: (...tables) => [ANY, ...tables].reduce((sum, table) => sum + (counts.get(table) ?? 0), 0),
  };
}
