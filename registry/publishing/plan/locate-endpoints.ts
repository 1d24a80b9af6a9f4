import { BRIDGE_HOST, listEndpointCandidates, type InstanceEndpoints, type Transport } from '../../contract/index.ts';

/** What of a stored instance says where it is. */
export interface LocatableInstance {
  url: string;
  endpoints: InstanceEndpoints | null;
}

export interface LocatedEndpoints {
  mcp: URL | null;
  sse: URL | null;
}

function readHttpUrl(text: string | null | undefined): URL | null {
  const url = text === null || text === undefined ? null : URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '' && url.port !== '0' ? url : null;
}

/**
 * Where the endpoints of an instance are: as the probe found them, else (it was down at every check) where such servers usually
 * have them, so that it can be called as soon as it is up. A URL from the backend that is not http is ignored.
 */
export function locateEndpoints(instance: LocatableInstance, transport: Transport): LocatedEndpoints {
  const learnt = instance.endpoints;
  const none = { mcp: null, sse: null };
  const mcp = transport === 'sse' ? null : readHttpUrl(learnt?.mcp);
  const sse = transport === 'streamable-http' ? null : readHttpUrl(learnt?.sse);
  if (mcp === null && sse === null) {
    const [likeliest] = readHttpUrl(instance.url) === null ? [] : listEndpointCandidates(instance.url, transport);
    return likeliest === undefined ? none : { ...none, [likeliest.kind]: new URL(likeliest.url) };
  }
  return { mcp, sse };
}

/** The endpoints of a server that the bridge serves. */
export function locateAtBridge(serverId: string): LocatedEndpoints {
  const at = (endpoint: string) => new URL(`http://${BRIDGE_HOST}/${serverId}/${endpoint}`);
  return { mcp: at('mcp'), sse: at('sse') };
}

/** The port that a URL means. */
export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}
