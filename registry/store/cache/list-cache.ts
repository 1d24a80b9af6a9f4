import type { Rows } from '../rows/rows.ts';

/** Caches the result of `read` as long as the stamp is the same. A failed read is not cached. */
function memoize<Value>(read: () => Promise<Value>, stampOf: () => string): () => Promise<Value> {
  let cached: { stamp: string; value: Promise<Value> } | undefined;
  return async () => {
    const stamp = stampOf();
    if (cached?.stamp !== stamp) {
      const value = read();
      cached = { stamp, value };
      value.catch(() => {
        if (cached?.value === value) cached = undefined;
      });
    }
    return cached.value;
  };
}

/**
 * The rows with the lists of servers and observations cached, which are read far more often than they change: reading 1,000 servers again
 * takes longer than everything else in a list response. `stampOf` returns a different value after a write to one of the tables.
 */
export function cacheLists(
  rows: Rows,
  stampOf: (...tables: ('servers' | 'instances' | 'observations' | 'tool_issues')[]) => string,
): Rows {
  return {
    ...rows,
    servers: {
      ...rows.servers,
      all: memoize(
        () => rows.servers.all(),
        () => stampOf('servers', 'instances'),
      ),
    },
    observations: {
      ...rows.observations,
      all: memoize(
        () => rows.observations.all(),
        () => stampOf('observations'),
      ),
    },
    toolIssues: {
      ...rows.toolIssues,
      all: memoize(
        () => rows.toolIssues.all(),
        () => stampOf('tool_issues'),
      ),
    },
  };
}
