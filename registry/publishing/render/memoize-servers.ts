import { renderServer, type RenderServers, type ServerParts } from './render-server.ts';
import type { PlannedServer } from '../plan/route-plan.ts';

/**
 * Makes a way to render servers that remembers the last rendering: a server whose plan is what it was is not rendered again, so that a publish
 * costs what changed and not what is there.
 */
export function createPartsMemory(renderOne: typeof renderServer = renderServer): RenderServers {
  let known = new Map<string, ServerParts>();
  let last: { servers: readonly PlannedServer[]; errorLog: string; parts: ServerParts[] } | undefined;

  return (servers, errorLog) => {
    // One plan is rendered twice: to see whether it is another one, and with its number.
    if (last?.servers === servers && last.errorLog === errorLog) return last.parts;
    const next = new Map<string, ServerParts>();
    const parts = servers.map((server) => {
      const key = JSON.stringify([server, errorLog]);
      const one = known.get(key) ?? renderOne(server, errorLog);
      next.set(key, one);
      return one;
    });
    known = next;
    last = { servers, errorLog, parts };
    return parts;
  };
}
