import { BRIDGE_HOST, META_PATH, META_SERVER_ID, timeouts } from '../../contract/index.ts';
import { BRIDGE_SOCKET } from './own-sockets.ts';
import type { PlannedEndpoint, PlannedServer } from './route-plan.ts';

/** The meta endpoint, which the bridge serves like a registered server. */
export function planMeta(runDir: string): PlannedServer {
  const at = (endpoint: 'mcp' | 'sse'): PlannedEndpoint => ({
    scheme: 'http',
    address: '',
    port: 80,
    host: BRIDGE_HOST,
    tlsName: null,
    uri: `/${META_SERVER_ID}/${endpoint}`,
    socket: `${runDir}/${BRIDGE_SOCKET}`,
  });
  return {
    id: META_SERVER_ID,
    path: META_PATH,
    hostMode: 'upstream',
    timeouts: timeouts.parse({}),
    instances: [{ id: META_SERVER_ID, mcp: at('mcp'), sse: at('sse'), hasQuery: false }],
  };
}
