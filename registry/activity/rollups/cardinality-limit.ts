import type { IsWithinLimit } from './roll-up.ts';

/** How many different names of a kind get their own rows within an hour; agents choose tool names, so without a limit the number of rows would be unlimited. */
const MAX_NAMES = { server: 5_000, agent: 2_000, tool: 20_000 } as const;

/** Creates a limit on the number of different names in an hour; it holds those of the latest two. */
export function createCardinalityLimit(limits: Record<'server' | 'agent' | 'tool', number> = MAX_NAMES): IsWithinLimit {
  const hours = new Map<number, Record<'server' | 'agent' | 'tool', Set<string>>>();
  return (hourS, kind, name) => {
    let seen = hours.get(hourS);
    if (seen === undefined) {
      seen = { server: new Set(), agent: new Set(), tool: new Set() };
      hours.set(hourS, seen);
      // Lines arrive nearly in order, so two hours are enough even around the full hour.
      while (hours.size > 2) hours.delete(Math.min(...hours.keys()));
    }
    if (seen[kind].has(name)) return true;
    if (seen[kind].size >= limits[kind]) return false;
    seen[kind].add(name);
    return true;
  };
}
