import type { ServerView } from '../server/server.ts';

/** Servers at a moment. */
export interface ServerCounts {
  servers: number;
  healthy: number;
  /** Of enabled servers. */
  tools: number;
}

/** The counts of these servers, as the page of servers shows them and the registry stores them. */
export function countServers(views: readonly Pick<ServerView, 'status' | 'enabled' | 'toolCount'>[]): ServerCounts {
  return {
    servers: views.length,
    healthy: views.filter(({ status }) => status === 'healthy').length,
    tools: views.reduce((sum, { enabled, toolCount }) => sum + (enabled ? toolCount : 0), 0),
  };
}
