import { LEGACY_VERSION, processOptions } from '@mcpgw/registry/contract';
import { createLocalServer } from '../local/create-local-server.ts';
import type { Server } from '../servers/create-server.ts';
import type { Access } from './access.ts';
import { createInnerSessions } from '../inner/inner-sessions.ts';
import type { Catalogue } from './catalogue.ts';
import { createMetaPeer } from './create-peer.ts';
import { createToolSearch } from './search.ts';
import { createToolNames } from './tool-names.ts';
import { createToolWatch } from './watch-tools.ts';
import { VERSION } from '../version.ts';

export interface MetaServerOptions {
  catalogue: Catalogue;
  access: Access;
  /** The unix socket on which NGINX accepts calls of the bridge. */
  socket: string;
}

const INSTRUCTIONS =
  'One endpoint for many MCP servers. If tools/list has only gateway_… tools: find a tool with gateway_search_tools, then call it with gateway_invoke.';
const INITIALIZED = {
  protocolVersion: LEGACY_VERSION,
  capabilities: { tools: { listChanged: true } },
  serverInfo: { name: 'mcpgw-meta', title: 'MCP gateway', version: VERSION },
  instructions: INSTRUCTIONS,
};
const WATCH_MS = 500;

/** The meta endpoint as a server of the bridge. While clients are connected, they are notified of changed tools within two seconds. */
export function createMetaServer({ catalogue, access, socket }: MetaServerOptions): Server {
  const deps = {
    catalogue,
    access,
    socket,
    search: createToolSearch(catalogue),
    sessions: createInnerSessions(),
    names: createToolNames(catalogue),
  };
  const limits = processOptions.parse({ maxProcesses: 200 });
  const server = createLocalServer({
    path: () => 'mcp',
    // Its peers cost little; the pool of all servers inside the bridge has its own limit.
    limits: () => ({ ...limits, maxProcesses: Infinity }),
    initialized: () => INITIALIZED,
    createPeer: (initialize) => createMetaPeer(deps, initialize),
  });

  const hasChanged = createToolWatch(catalogue);
  const timer = setInterval(() => {
    if (hasChanged()) server.toolsChanged();
  }, WATCH_MS).unref();

  return {
    ...server,
    async close() {
      clearInterval(timer);
      await server.close();
    },
  };
}
