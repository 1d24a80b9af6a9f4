import { BRIDGE_HOST, listEndpointCandidates, type InstanceEndpoints, type Transport } from '../../contract/index.ts';

/** The part of a stored instance that determines its address. */
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
 * The endpoints of an instance: those that the probe found, else (it was down at every check) the usual ones of such servers, so that
 * it can be called as soon as it is up. A URL from the backend that is not http is ignored.
 */
export function locateEndpoints(instance: LocatableInstance, transport: Transport): LocatedEndpoints {
  const probed = instance.endpoints;
  const none = { mcp: null, sse: null };
  const mcp = transport === 'sse' ? null : readHttpUrl(probed?.mcp);
  const sse = transport === 'streamable-http' ? null : readHttpUrl(probed?.sse);
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

/** The port of a URL, explicit or by scheme. */
export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}
