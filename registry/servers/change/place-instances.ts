import type { InstanceEndpoints, InstanceInput, Transport } from '../../contract/index.ts';
import type { StoredInstance } from '../../store/index.ts';

/** A registered URL without its query, and the query without "?". */
export function splitQuery(written: string): { url: string; query: string } {
  const at = written.indexOf('?');
  return at < 0 ? { url: written, query: '' } : { url: written.slice(0, at), query: written.slice(at + 1) };
}

/** Endpoints to assume until a probe finds them: the path of the URL, else `/mcp` (or `/sse`) at the root. */
export function assumeEndpoints(url: string, transport: Transport): InstanceEndpoints {
  const { origin, pathname } = new URL(url);
  const path = pathname.replace(/\/+$/, '');
  const isSse = transport === 'sse' || (transport === 'auto' && /\/sse$/i.test(path));
  const endpoint = origin + (path === '' ? (isSse ? '/sse' : '/mcp') : pathname);
  return isSse ? { mcp: null, sse: endpoint } : { mcp: endpoint, sse: null };
}

/**
 * The instances of a server as they are to be stored. An instance whose URL existed before keeps its id and its observations; a URL
 * written without a query keeps the stored query, since views never show one.
 */
export function placeInstances(
  requested: readonly InstanceInput[],
  before: readonly StoredInstance[],
  transport: Transport,
  createId: () => string,
): StoredInstance[] {
  const remaining = [...before];
  const used = new Set(before.map((instance) => instance.id));
  return requested.map(({ url: written, weight, enabled }) => {
    const { url, query } = splitQuery(written);
    const at = remaining.findIndex((instance) => instance.url === url);
    const same = at < 0 ? undefined : remaining.splice(at, 1)[0];
    if (same !== undefined) return { ...same, query: written.includes('?') ? query : same.query, weight, enabled };
    let id = createId();
    while (used.has(id)) id = createId();
    used.add(id);
    return { id, url, query, weight, enabled, up: true, endpoints: assumeEndpoints(url, transport), toolsHash: null };
  });
}
