import type { ServerFile } from '../../registry/contract/access-files.ts';
import type { Endpoint } from './route.ts';

export type Instance = ServerFile['instances'][number];

/** What the published configuration knows of a server. */
export interface Published {
  serverId: string;
  /** Instance id → the endpoints that are routed: letters of `m` (mcp), `s` (sse), `p` (message, the place to post to). */
  routed: Record<string, string>;
}

const LETTER: Record<Endpoint, string> = { mcp: 'm', sse: 's', message: 'p' };

/** Reads the value of NGINX's map of paths: `<server id>|<instance id>:<letters>|…`. */
export function readPublished(text: string): Published {
  const parts = text.split('|');
  const routed: Record<string, string> = {};
  for (let i = 1; i < parts.length; i += 1) {
    const part = parts[i] ?? '';
    const colon = part.indexOf(':');
    routed[part.slice(0, colon)] = part.slice(colon + 1);
  }
  return { serverId: parts[0] ?? '', routed: routed };
}

/** Whether the configuration leads to this endpoint of an instance. */
export function isRouted(published: Published, instanceId: string, endpoint: Endpoint): boolean {
  const letters = published.routed[instanceId];
  return letters !== undefined && letters.indexOf(LETTER[endpoint]) >= 0;
}

/** Whether any instance has this endpoint. */
export function hasEndpoint(published: Published, endpoint: Endpoint): boolean {
  const ids = Object.keys(published.routed);
  for (let i = 0; i < ids.length; i += 1) if (isRouted(published, ids[i] ?? '', endpoint)) return true;
  return false;
}

/** The instance with this id; undefined when the server has none. */
export function findInstance(instances: Instance[], id: string): Instance | undefined {
  for (let i = 0; i < instances.length; i += 1) {
    const instance = instances[i];
    if (instance !== undefined && instance.id === id) return instance;
  }
  return undefined;
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
  for (let i = 0; i < left.length; i += 1) total += left[i]?.weight ?? 0;
  let at = chance * total;
  for (let i = 0; i < left.length; i += 1) {
    at -= left[i]?.weight ?? 0;
    if (at < 0) return left[i];
  }
  return left[left.length - 1];
}
