import type { Endpoint, Route } from './route.ts';
import { parseRoute } from './route.ts';

type Endpoints = Readonly<Record<Endpoint, boolean>>;

/** What the published configuration contains about a server. */
export interface Place {
  path: string;
  serverId: string;
  /** The endpoints that at least one of its instances has. */
  endpoints: Endpoints;
  /** By id of the instance; empty when the server is disabled or rejected. */
  routed: Record<string, Endpoints | undefined>;
  isRouted: boolean;
}

function readLetters(letters: string): Endpoints {
  return { mcp: letters.includes('m'), sse: letters.includes('s'), message: letters.includes('s') };
}

/** Reads a value of NGINX's map of paths: `<server id>|<letters>|<instance id>:<letters>|…|<path>`, the letters naming endpoints. */
export function parsePlace(published: string): Place {
  const parts = published.split('|');
  const routed: Place['routed'] = {};
  for (let i = 2; i < parts.length - 1; i += 1) {
    const [id, letters] = (parts[i] ?? '').split(':');
    if (id !== undefined && letters !== undefined) routed[id] = readLetters(letters);
  }
  return {
    path: parts[parts.length - 1] ?? '',
    serverId: parts[0] ?? '',
    endpoints: readLetters(parts[1] ?? ''),
    routed,
    isRouted: parts.length > 3,
  };
}

// A configuration does not change while its workers run.
const byPath: Record<string, Place | undefined> = {};
const byServer: Record<string, Place | undefined> = {};

/** The server that is published at a path; undefined when there is none. */
export function findPlace(path: string): Place | undefined {
  const known = byPath[path];
  if (known !== undefined) return known;
  ngx.var.mcpgw_path = path;
  const published = ngx.var.mcpgw_published ?? '';
  if (published === '') return undefined;
  const place = parsePlace(published);
  // NGINX looks up map entries case-insensitively.
  if (place.path !== path) return undefined;
  byPath[path] = place;
  byServer[place.serverId] = place;
  return place;
}

/** The same by the server's id, for a request that was judged in this worker before. */
export function findPlaceOf(serverId: string): Place | undefined {
  return byServer[serverId];
}

export interface Target {
  place: Place;
  route: Route;
}

const targets: Record<string, Target | undefined> = {};

/** The server and route of a request target; undefined: no server. */
export function findTarget(target: string): Target | undefined {
  const known = targets[target];
  if (known !== undefined) return known;
  const route = parseRoute(target);
  const place = route === undefined ? undefined : findPlace(route.path);
  if (route === undefined || place === undefined) return undefined;
  const found = { place, route };
  // There are only a few of these per server; queries and message endpoints are chosen by the client.
  if (route.endpoint !== 'message' && route.query === '') targets[target] = found;
  return found;
}
