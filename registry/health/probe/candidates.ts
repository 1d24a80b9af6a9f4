import type { Transport } from '../../contract/index.ts';

export interface Candidates {
  /** Where Streamable HTTP may be, most likely first. */
  mcp: string[];
  /** Where legacy SSE may be. */
  sse: string[];
}

/** The registered URL as an address without query, fragment or slash at the end. */
function splitEnding(url: string): { base: string; ending: string; pathname: string } {
  const { origin, pathname } = new URL(url);
  const trimmed = pathname.replace(/\/+$/, '');
  const ending = trimmed.slice(trimmed.lastIndexOf('/') + 1).toLowerCase();
  return { base: origin + trimmed, ending, pathname };
}

function sibling(base: string, name: string): string {
  return `${base.slice(0, base.lastIndexOf('/'))}/${name}`;
}

/**
 * Where the endpoints of a server registered at `url` may be: the URL as given, `/mcp` and `/sse` below it, or beside it when it
 * names one of them. Without query.
 */
export function listCandidates(url: string, transport: Transport): Candidates {
  const { base, ending, pathname } = splitEnding(url);
  const asGiven = new URL(url).origin + pathname;
  let found: Candidates;
  if (ending === 'mcp') found = { mcp: [asGiven], sse: [sibling(base, 'sse')] };
  else if (ending === 'sse') found = { mcp: [sibling(base, 'mcp')], sse: [asGiven] };
  else {
    const isRoot = pathname === '/';
    found = {
      mcp: isRoot ? [`${base}/mcp`, asGiven] : [asGiven, `${base}/mcp`],
      sse: [`${base}/sse`, ...(isRoot ? [] : [asGiven])],
    };
  }
  if (transport === 'sse') return { mcp: [], sse: found.sse.includes(asGiven) ? found.sse : [...found.sse, asGiven] };
  if (transport === 'streamable-http')
    return { mcp: found.mcp.includes(asGiven) ? found.mcp : [asGiven, ...found.mcp], sse: [] };
  // Someone who wrote /sse meant it: it is asked first, and its neighbour only besides.
  return found;
}
