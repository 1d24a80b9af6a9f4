import { kindOf, tool, type Page, type ToolHit, type ToolKind } from '../../../contract/index.ts';
import { cutPage, readCursor, unknownCursor } from '../../framework/cursor.ts';
import type { AppDeps } from '../../app-deps.ts';

export interface ListToolsDeps {
  servers: Pick<AppDeps['servers'], 'all'>;
  tools: Pick<AppDeps['tools'], 'tools'>;
}

interface ListQuery {
  limit: number;
  cursor?: string | undefined;
  tag?: string | undefined;
  kind?: ToolKind | undefined;
  /** Only the tools of the server at this path. */
  server?: string | undefined;
}

/** The position of a tool in the list. A path contains no space. */
function positionOf({ server, tool: { name } }: ToolHit): string {
  return `${server} ${name}`;
}

function readPosition(cursor: string | undefined): { lastPath: string; lastName: string } {
  const last = readCursor('string', cursor);
  if (last === undefined) return { lastPath: '', lastName: '' };
  const [, lastPath, lastName] = /^(\S+) (.*)$/s.exec(last) ?? [];
  if (lastPath === undefined || lastName === undefined) throw unknownCursor();
  return { lastPath, lastName };
}

/** A page of the tools of all servers, or of one group of them, sorted by path and name; servers are read one after another until the page is full. */
export async function listTools(
  { servers, tools }: ListToolsDeps,
  { limit, cursor, tag, kind, server }: ListQuery,
): Promise<Page<ToolHit>> {
  const { lastPath, lastName } = readPosition(cursor);
  const found: ToolHit[] = [];
  for (const { path, toolCount, tags } of await servers.all()) {
    if (path < lastPath || toolCount === 0 || (server !== undefined && path !== server)) continue;
    if (tag !== undefined && !tags.includes(tag)) continue;
    // A server that was removed meanwhile has none.
    const view = await tools.tools(path).catch(() => null);
    const views = (view?.tools ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    for (const listed of views)
      if ((path !== lastPath || listed.name > lastName) && (kind === undefined || kindOf(listed) === kind))
        found.push({
          server: path,
          tool: tool.parse(listed),
          score: 0,
          findings: listed.findings,
          approval: listed.approval,
          callable: listed.callable,
        });
    if (found.length > limit) break;
  }
  return cutPage(found, limit, positionOf);
}
