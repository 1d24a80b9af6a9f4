import type { LiveStats, ServerView } from '../../../registry/contract/index.ts';
import type { LiveOptions } from '../../../registry/live/create-live.ts';

export const NO_CALLS: LiveStats = {
  requests: 0,
  calls: 0,
  errors: 0,
  refused: 0,
  lastCallAt: null,
  p50Ms: null,
  p95Ms: null,
};

export function makeServer(path: string, description = ''): ServerView {
  return {
    id: `id-${path}`,
    path,
    name: path,
    description,
    tags: [],
    instances: [],
    transport: 'auto',
    program: null,
    enabled: true,
    headers: [],
    forwardHeaders: [],
    hostMode: 'upstream',
    timeouts: { connectMs: 1, readMs: 1, sendMs: 1 },
    tls: { ca: null, certificate: null },
    license: '',
    stars: 0,
    metadata: {},
    configuration: 'live',
    health: 'healthy',
    status: 'healthy',
    endpoints: { mcp: true, sse: false },
    era: 'modern',
    protocolVersion: '2026-07-28',
    toolCount: 1,
    toolIssues: [],
    healthSince: null,
    lastCheckedAt: null,
    latencyMs: 1,
    error: null,
    warnings: [],
    gatewayUrl: `http://localhost/${path}/mcp`,
    createdAt: '2026-11-21T00:00:00.000Z',
    updatedAt: '2026-11-21T00:00:00.000Z',
    removedAt: null,
    revision: 1,
  };
}

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
