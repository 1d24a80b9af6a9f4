import type { RenderedServer } from './render-server.ts';
import type { PlannedServer } from '../plan/route-plan.ts';

/** Renders servers, in their order. Throws what rendering one of them throws. */
export type RenderServers = (servers: readonly PlannedServer[], errorLog: string) => readonly RenderedServer[];

/** Memoizes the rendering of servers: one whose plan did not change is not rendered again, so the cost of a publish depends on what changed. */
export function memoizeServers(renderOne: (server: PlannedServer, errorLog: string) => RenderedServer): RenderServers {
  let known = new Map<string, RenderedServer>();
  let last: { servers: readonly PlannedServer[]; errorLog: string; rendered: RenderedServer[] } | undefined;

  return (servers, errorLog) => {
    // One plan is rendered twice: for its fingerprint, then with its number.
    if (last?.servers === servers && last.errorLog === errorLog) return last.rendered;
    const next = new Map<string, RenderedServer>();
    const rendered = servers.map((server) => {
      const key = JSON.stringify([server, errorLog]);
      const result = known.get(key) ?? renderOne(server, errorLog);
      next.set(key, result);
      return result;
    });
    known = next;
    last = { servers, errorLog, rendered };
    return rendered;
  };
}
