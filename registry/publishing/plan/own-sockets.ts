import { isBridged, MANAGEMENT_PATH, type Reached } from '../../contract/index.ts';

/** Names of the sockets in the run folder that the gateway's own programs listen on. */
export const MANAGEMENT_SOCKET = 'mcpgw-server.sock';
export const BRIDGE_SOCKET = 'bridge.sock';
/** Where NGINX accepts the calls that the bridge makes for its callers. */
export const INNER_SOCKET = 'inner.sock';

/** The socket at which one of the gateway's own programs serves a server; null: it is at its own address. */
export function socketOf({ path, ...target }: Reached & { path: string }): string | null {
  if (path === MANAGEMENT_PATH) return MANAGEMENT_SOCKET;
  return isBridged(target) ? BRIDGE_SOCKET : null;
}
