import {
  BRIDGE_HOST,
  isAdapted,
  isBridged,
  type InstanceEndpoints,
  type InstanceInput,
  type Reached,
} from '../../contract/index.ts';
import type { StoredInstance } from '../../store/index.ts';
import { placeInstances, splitQuery } from './place-instances.ts';

interface Placed extends Reached {
  id: string;
}

/** Endpoints of a server at the bridge, which need no probe. */
function bridgeEndpoints(serverId: string): InstanceEndpoints {
  const url = `http://${BRIDGE_HOST}/${serverId}`;
  return { mcp: `${url}/mcp`, sse: `${url}/sse` };
}

/** The single instance of a program that the bridge runs. */
function placeAtBridge(serverId: string, createId: () => string): StoredInstance[] {
  const url = `http://${BRIDGE_HOST}/${serverId}`;
  const endpoints = bridgeEndpoints(serverId);
  return [{ id: createId(), url, query: '', weight: 1, enabled: true, up: true, endpoints, toolsHash: null }];
}

/**
 * The single instance of a remote server that the bridge adapts, with its own URL. A URL written without a query keeps the stored query, since
 * views never show one. The instance keeps its id even if its URL changes: agents always use the endpoints at the bridge.
 */
function placeBehindBridge(
  serverId: string,
  requested: readonly InstanceInput[],
  before: readonly StoredInstance[],
  createId: () => string,
): StoredInstance[] {
  return requested.slice(0, 1).map(({ url: written, weight, enabled }) => {
    const { url, query } = splitQuery(written);
    const [same] = before;
    const keepsQuery = same?.url === url && !written.includes('?');
    return {
      id: same?.id ?? createId(),
      url,
      query: keepsQuery ? same.query : query,
      ...{ weight, enabled },
      up: same?.up ?? true,
      endpoints: bridgeEndpoints(serverId),
      toolsHash: same?.toolsHash ?? null,
      ...(same?.malformed !== undefined && { malformed: same.malformed }),
    };
  });
}

/** The instances of a server of any kind as they are to be stored. */
export function placeServer(
  { id, ...target }: Placed,
  requested: readonly InstanceInput[],
  before: readonly StoredInstance[],
  createId: () => string,
): StoredInstance[] {
  if (isAdapted(target)) return placeBehindBridge(id, requested, before, createId);
  if (isBridged(target)) return before.length > 0 ? [...before] : placeAtBridge(id, createId);
  return placeInstances(requested, before, target.transport, createId);
}
