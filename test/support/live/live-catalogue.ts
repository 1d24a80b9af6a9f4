import type { LiveStats, ServerView } from '../../../registry/contract/index.ts';
import type { LiveOptions } from '../../../registry/live/create-live.ts';

export const NO_CALLS: LiveStats = {
  requests: 0,
  calls: 0,
  errors: 0,
  toolErrors: 0,
  refused: 0,
  lastCallAt: null,
  firstRefusedAt: null,
  p50Ms: null,
  p95Ms: null,
};

/** A catalogue in memory, whose reads take a turn of the event loop, as those of a database would. */
export class Catalogue {
  readonly servers = new Map<string, ServerView>();
  generation: { number: number; revision: number; rejected: [] } | null = null;
  stats = NO_CALLS;
  reads = 0;
  broken = false;
  readonly source: LiveOptions['source'] = {
    servers: async (ids) => {
      this.reads += 1;
      await new Promise(setImmediate);
      if (this.broken) throw new Error('the disk is gone');
      const all = [...this.servers.values()];
      return structuredClone(ids === undefined ? all : all.filter((server) => ids.includes(server.id)));
    },
    generation: async () => this.generation,
    stats: async () => this.stats,
  };
}
