import { BRIDGE_HOST } from '../../contract/index.ts';
import type { StoredInstance } from '../../store/index.ts';

/** The one instance of a server that the bridge runs: where the bridge serves it, which no probe has to find out. */
export function placeAtBridge(serverId: string, createId: () => string): StoredInstance[] {
  const url = `http://${BRIDGE_HOST}/${serverId}`;
  const endpoints = { mcp: `${url}/mcp`, sse: `${url}/sse` };
  return [{ id: createId(), url, query: '', weight: 1, enabled: true, up: true, endpoints, toolsHash: null }];
}
