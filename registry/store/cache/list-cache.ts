import type { Rows } from '../rows/rows.ts';

/** Gives what `read` gave before, as long as the stamp is the same. A read that failed is not kept. */
function remember<Value>(read: () => Promise<Value>, stampOf: () => string): () => Promise<Value> {
  let kept: { stamp: string; value: Promise<Value> } | undefined;
  return async () => {
    const stamp = stampOf();
    if (kept?.stamp !== stamp) {
      const value = read();
      kept = { stamp, value };
      value.catch(() => {
        if (kept?.value === value) kept = undefined;
      });
    }
    return kept.value;
  };
}

/**
 * The rows with their two great lists kept in memory, which are asked for far more often than they change: reading 1,000 servers anew
 * takes longer than everything else in the answer to a list. `stampOf` gives another value when one of the tables was written to.
 */
export function cacheLists(
  rows: Rows,
  stampOf: (...tables: ('servers' | 'instances' | 'observations')[]) => string,
): Rows {
  return {
    ...rows,
    servers: {
      ...rows.servers,
      all: remember(
        () => rows.servers.all(),
        () => stampOf('servers', 'instances'),
      ),
    },
    observations: {
      ...rows.observations,
      all: remember(
        () => rows.observations.all(),
        () => stampOf('observations'),
      ),
    },
  };
}
