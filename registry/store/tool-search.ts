import { sql, type Kysely } from 'kysely';
import type { Tool } from '../contract/index.ts';
import type { Tables } from './tables.ts';

/** The words of a tool that a search looks at. */
export interface SearchText {
  name: string;
  title: string;
  description: string;
  server: string;
  tags: string;
}

export interface SearchHit {
  server: string;
  tool: Tool;
  /** Higher is better. */
  score: number;
}

interface HitRow {
  path: string;
  tool_json: string;
  rank: number;
}

// A word in the name tells more than one in the middle of a description (order of the columns of tools_index).
const WEIGHTS = '10.0, 6.0, 3.0, 4.0, 4.0';

function quote(word: string): string {
  return `"${word.replaceAll('"', '""')}"*`;
}

/** Full text over tools; FTS5 stays behind these functions (sqlite.org/fts5.html). */
export function createToolSearch(db: Kysely<Tables>) {
  async function find(match: string, limit: number, offset: number): Promise<SearchHit[]> {
    // The best are found in the index alone, and only they are read.
    const { rows } = await sql<HitRow>`
      select servers.path, tools.tool_json, hits.rank from (
        select rowid, bm25(tools_index, ${sql.raw(WEIGHTS)}) as rank
        from tools_index where tools_index match ${match}
        order by rank, rowid limit ${limit} offset ${offset}
      ) as hits
      join tools on tools.id = hits.rowid
      join servers on servers.id = tools.server_id
      where servers.removed_at is null
      order by hits.rank, hits.rowid`.execute(db);
    return rows.map((row) => ({
      server: row.path,
      tool: JSON.parse(row.tool_json) as Tool,
      score: -row.rank,
    }));
  }

  return {
    async put(id: number, text: SearchText): Promise<void> {
      await db.deleteFrom('tools_index').where('rowid', '=', id).execute();
      await db
        .insertInto('tools_index')
        .values({ rowid: id, ...text })
        .execute();
    },

    async remove(id: number): Promise<void> {
      await db.deleteFrom('tools_index').where('rowid', '=', id).execute();
    },

    /** Writes the words of a server into all of its tools: its name or tags changed. */
    async putServer(serverId: string, words: Pick<SearchText, 'server' | 'tags'>): Promise<void> {
      const ids = db.selectFrom('tools').select('id').where('server_id', '=', serverId);
      await db.updateTable('tools_index').set(words).where('rowid', 'in', ids).execute();
    },

    /** Tools with all of the words (each as a beginning), else with any of them; best first. */
    async search(words: readonly string[], limit: number, offset: number): Promise<SearchHit[]> {
      if (words.length === 0) return [];
      const all = await find(words.map(quote).join(' AND '), limit, offset);
      if (all.length > 0 || words.length === 1 || offset > 0) return all;
      return find(words.map(quote).join(' OR '), limit, offset);
    },
  };
}
export type ToolSearch = ReturnType<typeof createToolSearch>;
