import type { RequestMessage } from './message.ts';

/** Resource subscriptions of the callers that share a program: each resource is subscribed once, until its last subscriber leaves. */
export interface Subscriptions<Who> {
  /** Records an (un)subscription; false: the program need not be notified. */
  forward: (who: Who, request: RequestMessage) => boolean;
  of: (uri: string) => Iterable<Who>;
  /** Removes a subscriber; returns the resources without subscribers. */
  forget: (who: Who) => string[];
}

const MAX_RESOURCES = 10_000;

/** Creates the subscriptions of one program. */
export function createSubscriptions<Who>(): Subscriptions<Who> {
  const byUri = new Map<string, Set<Who>>();

  function remove(uri: string, who: Who): boolean {
    const all = byUri.get(uri);
    if (all?.delete(who) !== true) return true;
    if (all.size > 0) return false;
    byUri.delete(uri);
    return true;
  }
  return {
    forward(who, { method, params }) {
      const uri = params?.['uri'];
      if (typeof uri !== 'string') return true;
      if (method === 'resources/unsubscribe') return remove(uri, who);
      if (method !== 'resources/subscribe') return true;
      const all = byUri.get(uri) ?? new Set();
      if (all.size === 0 && byUri.size >= MAX_RESOURCES) return true;
      byUri.set(uri, all.add(who));
      return all.size === 1;
    },
    of: (uri) => byUri.get(uri) ?? [],
    forget: (who) => [...byUri.keys()].filter((uri) => byUri.get(uri)?.has(who) === true && remove(uri, who)),
  };
}
