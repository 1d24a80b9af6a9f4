import type { Kysely } from 'kysely';
import { MAX_VIRTUAL_VERSIONS, type VirtualTool, type VirtualVersions } from '../../../contract/index.ts';
import type { Tables } from '../../tables.ts';

interface Saved {
  id: string;
  tools: VirtualTool[];
  updatedAt: string;
  savedBy?: string | undefined;
}

/** Stores the tools of a virtual server as its next version, unless they equal the last one. Returns version and tools as JSON for the server's row. */
export async function saveVersion(db: Kysely<Tables>, server: Saved): Promise<string> {
  const { id, tools, updatedAt, savedBy = '' } = server;
  const last = await db
    .selectFrom('virtual_versions')
    .select(['version', 'tools_json'])
    .where('server_id', '=', id)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  const json = JSON.stringify(tools);
  if (last?.tools_json === json) return JSON.stringify({ version: last.version, tools });
  const version = (last?.version ?? 0) + 1;
  await db
    .insertInto('virtual_versions')
    .values({ server_id: id, version, at: updatedAt, by: savedBy, tools_json: json })
    .execute();
  await db
    .deleteFrom('virtual_versions')
    .where('server_id', '=', id)
    .where('version', '<=', version - MAX_VIRTUAL_VERSIONS)
    .execute();
  return JSON.stringify({ version, tools });
}

/** Versions of virtual servers; they are written with the server. */
export function createVirtualVersionRows(db: Kysely<Tables>) {
  return {
    /** Ids of the enabled virtual servers that use a tool of the server at this path. */
    async usersOf(path: string): Promise<string[]> {
      const rows = await db
        .selectFrom('servers')
        .select(['id', 'virtual_json'])
        .where('virtual_json', 'is not', null)
        .where('removed_at', 'is', null)
        .where('enabled', '=', 1)
        .execute();
      const uses = ({ virtual_json: json }: { virtual_json: string | null }): boolean =>
        (JSON.parse(json ?? '{"tools":[]}') as { tools: VirtualTool[] }).tools.some(({ server }) => server === path);
      return rows.filter(uses).map(({ id }) => id);
    },

    /** Versions of a server, latest first. */
    async list(serverId: string): Promise<VirtualVersions['items']> {
      const rows = await db
        .selectFrom('virtual_versions')
        .select(['version', 'at', 'by', 'tools_json'])
        .where('server_id', '=', serverId)
        .orderBy('version', 'desc')
        .execute();
      return rows.map(({ version, at, by, tools_json: json }) => {
        return { version, at, by: by === '' ? null : by, tools: JSON.parse(json) as VirtualTool[] };
      });
    },
  };
}
