import type { ServerFile } from '../../registry/contract/access-files.ts';
import type { Endpoint } from './route.ts';

export type Instance = ServerFile['instances'][number];

const LETTER: Record<Endpoint, string> = { mcp: 'm', sse: 's', message: 'p' };

// What the published configuration knows of a server is the value of NGINX's map of paths:
// `<server id>|<letters>|<instance id>:<letters>|…|<path>`, the letters saying which endpoints are routed: m, s, and p for the place to post
// to; first those that any instance has. It is searched as it is: to take it apart would cost more.

/** Id of the server. */
export function serverIdOf(published: string): string {
  return published.slice(0, published.indexOf('|'));
}

/** Whether any instance has this endpoint. */
export function hasEndpoint(published: string, endpoint: Endpoint): boolean {
  const from = published.indexOf('|');
  const at = published.indexOf(LETTER[endpoint], from);
  return at >= 0 && at < published.indexOf('|', from + 1);
}

/** Whether anything is routed at all: not so when a server is disabled or set aside. */
export function isRoutedAtAll(published: string): boolean {
  return published.indexOf('||') < 0;
}

/** Whether the configuration leads to this endpoint of an instance. */
export function isRouted(published: string, instanceId: string, endpoint: Endpoint): boolean {
  const mark = '|' + instanceId + ':';
  const from = published.indexOf(mark);
  if (from < 0) return false;
  const at = published.indexOf(LETTER[endpoint], from + mark.length);
  return at >= 0 && at < published.indexOf('|', from + mark.length);
}

/** The same for the endpoint of Streamable HTTP, whose letter comes first. */
export function isMcpRouted(published: string, instanceId: string): boolean {
  return published.indexOf('|' + instanceId + ':m') >= 0;
}

/** The instance with this id; undefined when the server has none. */
export function findInstance(instances: Instance[], id: string): Instance | undefined {
  for (let i = 0; i < instances.length; i += 1) {
    const instance = instances[i];
    if (instance !== undefined && instance.id === id) return instance;
  }
  return undefined;
}

/** A number in [0, 1) that differs from request to request; njs has no state of its own to count with. */
export function drawChance(requestId: string): number {
  return parseInt(requestId.slice(0, 8), 16) / 0x100000000;
}

/**
 * The instance for a call that belongs to no session: by weight, `chance` (0 ≤ chance < 1) deciding. Those that are down are taken only when
 * all are, for the health check may be wrong; those in `tried` never. Undefined when none is left.
 */
export function chooseInstance(candidates: Instance[], tried: string[], chance: number): Instance | undefined {
  const up: Instance[] = [];
  let left: Instance[] = [];
  for (let i = 0; i < candidates.length; i += 1) {
    const instance = candidates[i];
    if (instance === undefined || tried.indexOf(instance.id) >= 0) continue;
    left.push(instance);
    if (instance.up) up.push(instance);
  }
  if (up.length > 0) left = up;
  if (left.length < 2) return left[0];
  let total = 0;
  for (let i = 0; i < left.length; i += 1) total += left[i]?.weight ?? 1;
  let at = chance * total;
  for (let i = 0; i < left.length; i += 1) {
    at -= left[i]?.weight ?? 1;
    if (at < 0) return left[i];
  }
  return left[left.length - 1];
}
