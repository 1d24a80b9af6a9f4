import type { InstanceEndpoints, Transport } from '../contract/index.ts';

/** What of a stored instance says where it is. */
export interface LocatableInstance {
  url: string;
  endpoints: InstanceEndpoints | null;
}

export interface LocatedEndpoints {
  mcp: URL | null;
  sse: URL | null;
  message: URL | null;
  messageWritten: string | null;
}

function guessEndpoints(url: URL, transport: Transport): LocatedEndpoints {
  const path = url.pathname.replace(/\/+$/, '');
  const none = { mcp: null, sse: null, message: null, messageWritten: null };
  if (transport === 'sse' || (transport === 'auto' && path.endsWith('/sse')))
    return { ...none, sse: new URL(path === '' ? '/sse' : path, url) };
  if (path === '') return { ...none, mcp: new URL('/mcp', url) };
  return { ...none, mcp: new URL(path, url) };
}

/**
 * Where the endpoints of an instance are: as the probe learnt them, else (it was down whenever it was asked) where such servers usually
 * have them, so that it can be called as soon as it is up.
 */
export function locateEndpoints(instance: LocatableInstance, transport: Transport): LocatedEndpoints {
  const learnt = instance.endpoints;
  const mcp = learnt !== null && learnt.mcp !== null && transport !== 'sse' ? new URL(learnt.mcp) : null;
  const sse = learnt !== null && learnt.sse !== null && transport !== 'streamable-http' ? new URL(learnt.sse) : null;
  if (mcp === null && sse === null) return guessEndpoints(new URL(instance.url), transport);
  const message = sse !== null && learnt !== null && learnt.message !== null ? new URL(learnt.message, sse) : null;
  return { mcp, sse, message, messageWritten: message === null ? null : (learnt?.messageWritten ?? null) };
}

/** The port that a URL means. */
export function portOf(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
}
