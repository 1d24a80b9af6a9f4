import { AsyncLocalStorage } from 'node:async_hooks';
import type { KyselyPlugin } from 'kysely';

/**
 * Prevents code inside a transaction from using the store directly: there is one connection, so such a query would wait for the transaction, which
 * waits for the query, and every later request for both.
 */
export interface TransactionScope {
  /** Runs the work of a transaction; code that it calls counts as inside until it has ended. */
  run<Value>(work: () => Promise<Value>): Promise<Value>;
  /** Throws when called from inside a transaction. */
  requireOutside(): void;
  /** Refuses queries from inside a transaction; for the database handle that is used outside. */
  plugin: KyselyPlugin;
}

/** Creates the scope of one store. */
export function createTransactionScope(): TransactionScope {
  const scopes = new AsyncLocalStorage<{ open: boolean }>();
  function requireOutside(): void {
    if (scopes.getStore()?.open === true)
      throw new Error('the store was used inside a transaction: use the rows passed to the transaction');
  }
  return {
    requireOutside,
    async run(work) {
      const scope = { open: true };
      try {
        return await scopes.run(scope, work);
      } finally {
        // Code that the work left running counts as outside from now on.
        scope.open = false;
      }
    },
    plugin: {
      transformQuery: ({ node }) => {
        requireOutside();
        return node;
      },
      transformResult: ({ result }) => Promise.resolve(result),
    },
  };
}
