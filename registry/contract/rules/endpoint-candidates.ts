import type { Transport } from '../server/transport.ts';

/** An address at which an endpoint of a server may be: absolute, without query. */
export interface EndpointCandidate {
  kind: 'mcp' | 'sse';
  url: string;
}

/**
 * Where the endpoints of a server registered at `url` may be, most likely first: the URL as given, `/mcp`, `/sse` and `/api/mcp` below it, or beside
 * it when it names one of them. The probe tries them in this order; before any probe succeeded, the gateway routes to the first. Throws TypeError for
 * a text that is not a URL.
 */
export function listEndpointCandidates(url: string, transport: Transport): EndpointCandidate[] {
  const { origin, pathname } = new URL(url);
  const base = origin + pathname.replace(/\/+$/, '');
  const parent = base.slice(0, base.lastIndexOf('/'));
  const given = origin + pathname;
  const ending = base.slice(base.lastIndexOf('/') + 1).toLowerCase();
  const isRoot = base === origin;
  const mcp = isRoot ? [`${base}/mcp`, given] : [given, ending === 'sse' ? `${parent}/mcp` : `${base}/mcp`];
  const sse = isRoot ? [`${base}/sse`, given] : [given, ending === 'mcp' ? `${parent}/sse` : `${base}/sse`];
  const as = (kind: EndpointCandidate['kind'], urls: readonly string[]) => urls.map((found) => ({ kind, url: found }));
  const rare = ending === 'mcp' || ending === 'sse' ? [] : as('mcp', [`${base}/api/mcp`]);
  if (transport === 'streamable-http') return [...as('mcp', ending === 'mcp' ? [given] : mcp), ...rare];
  if (transport === 'sse') return as('sse', ending === 'sse' ? [given] : sse);
  // /sse was written on purpose: it is tried first, and for Streamable HTTP only its neighbour.
  if (ending === 'sse') return [...as('sse', [given]), ...as('mcp', [`${parent}/mcp`])];
  if (ending === 'mcp') return [...as('mcp', [given]), ...as('sse', [`${parent}/sse`])];
  return [...as('mcp', mcp), ...as('sse', isRoot ? [`${base}/sse`] : [`${base}/sse`, given]), ...rare];
}
