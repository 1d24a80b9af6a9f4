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

/** Where the bridge serves a server, which no probe has to find out. */
function bridgeEndpoints(serverId: string): InstanceEndpoints {
  const url = `http://${BRIDGE_HOST}/${serverId}`;
  return { mcp: `${url}/mcp`, sse: `${url}/sse` };
}

/** The one instance of a program that the bridge runs. */
function placeAtBridge(serverId: string, createId: () => string): StoredInstance[] {
  const url = `http://${BRIDGE_HOST}/${serverId}`;
  const endpoints = bridgeEndpoints(serverId);
  return [{ id: createId(), url, query: '', weight: 1, enabled: true, up: true, endpoints, toolsHash: null }];
}

/**
 * The one instance of a server elsewhere that the bridge adapts: it keeps its own URL. A URL written without a query keeps the query that is
 * stored, since views never show one, and the instance keeps its id: what agents use is at the bridge in any case.
 */
function placeBehindBridge(
  serverId: string,
  wanted: readonly InstanceInput[],
  before: readonly StoredInstance[],
  createId: () => string,
): StoredInstance[] {
  return wanted.slice(0, 1).map(({ url: written, weight, enabled }) => {
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

/** The instances of a server as they are to be stored, wherever it is. */
export function placeServer(
  { id, ...reached }: Placed,
  wanted: readonly InstanceInput[],
  before: readonly StoredInstance[],
  createId: () => string,
): StoredInstance[] {
  if (isAdapted(reached)) return placeBehindBridge(id, wanted, before, createId);
  if (isBridged(reached)) return before.length > 0 ? [...before] : placeAtBridge(id, createId);
  return placeInstances(wanted, before, reached.transport, createId);
}
