import { sql, type Kysely } from 'kysely';
import {
  TOOL_KIND_RULES,
  TOOL_KIND_WITHOUT_HINTS,
  type TextFinding,
  type Tool,
  type ToolKind,
} from '../../../contract/index.ts';
import type { Tables } from '../../tables.ts';

/** The text of a tool that is searched. */
export interface SearchText {
  name: string;
  title: string;
  description: string;
  server: string;
  tags: string;
}

/** Which tools are searched; absent: all. */
export interface SearchGroup {
  /** Tag of the server. */
  tag?: string | undefined;
  kind?: ToolKind | undefined;
  /** Path of the server. */
  server?: string | undefined;
}

export interface SearchHit {
  serverId: string;
  /** Path of the server. */
  server: string;
  tool: Tool;
  hash: string;
  findings: TextFinding[];
  /** Higher is better. */
  score: number;
}

// A word in the name weighs more than one in the middle of a description (order of the columns of tools_index).
const WEIGHTS = '10.0, 6.0, 3.0, 4.0, 4.0';

function quote(word: string): string {
  return `"${word.replaceAll('"', '""')}"*`;
}

// json_type distinguishes true from 1 and from "true".
const KIND = sql`case ${sql.join(
  TOOL_KIND_RULES.map(({ hint, is, kind }) => {
    const type = sql`json_type(tools.tool_json, ${sql.lit(`$.annotations.${hint}`)})`;
    return sql`when ${type} = ${sql.lit(String(is))} then ${sql.lit(kind)}`;
  }),
  sql` `,
)} else ${sql.lit(TOOL_KIND_WITHOUT_HINTS)} end`;

function among({ tag, kind, server }: SearchGroup) {
  if (tag === undefined && kind === undefined && server === undefined) return sql``;
  const isTagged = sql`exists (select 1 from json_each(servers.tags_json) where json_each.value = ${tag ?? ''})`;
  return sql`and rowid in (
    select tools.id from tools join servers on servers.id = tools.server_id
    where ${tag === undefined ? sql`true` : isTagged} and ${kind === undefined ? sql`true` : sql`${KIND} = ${kind}`}
      and ${server === undefined ? sql`true` : sql`servers.path = ${server}`}
  )`;
}

// Words that nearly every tool has would make each of them be ranked; the rest of so many is no better than these.
const MAX_RANKED = 2_000;

/** Full text over tools; FTS5 stays behind these functions (sqlite.org/fts5.html). */
export function createToolSearch(db: Kysely<Tables>) {
  /** The ids of the best matches. */
  async function rank(match: string, group: SearchGroup, limit: number): Promise<{ id: number; rank: number }[]> {
    const { rows } = await sql<{ id: number; rank: number }>`
      select id, rank from (
        select rowid as id, bm25(tools_index, ${sql.raw(WEIGHTS)}) as rank
        from tools_index where tools_index match ${match} ${among(group)} limit ${MAX_RANKED}
      ) order by rank, id limit ${limit}`.execute(db);
    return rows;
  }

  async function hasAny(match: string, group: SearchGroup): Promise<boolean> {
    const { rows } = await sql`
      select rowid from tools_index where tools_index match ${match} ${among(group)} limit 1`.execute(db);
    return rows.length > 0;
  }

  /** Tools that have the words in their name or title come before those that have them anywhere. */
  async function find(match: string, group: SearchGroup, limit: number, offset: number): Promise<SearchHit[]> {
    const wanted = offset + limit;
    const named = await rank(`{name title} : (${match})`, group, wanted);
    const rest = named.length >= wanted ? [] : await rank(match, group, wanted);
    const seen = new Set(named.map(({ id }) => id));
    const hits = [...named, ...rest.filter(({ id }) => !seen.has(id))].slice(offset, wanted);
    if (hits.length === 0) return [];
    const rows = await db
      .selectFrom('tools')
      .innerJoin('servers', 'servers.id', 'tools.server_id')
      .select(['tools.id', 'tools.server_id', 'servers.path', 'tools.tool_json', 'tools.hash', 'tools.findings_json'])
      .where(
        'tools.id',
        'in',
        hits.map(({ id }) => id),
      )
      .where('servers.removed_at', 'is', null)
      .execute();
    const byId = new Map(rows.map((row) => [row.id, row]));
    // Scores fall from hit to hit, though both halves were ranked by themselves.
    let score = Infinity;
    return hits.flatMap(({ id, rank: found }) => {
      const row = byId.get(id);
      if (row === undefined) return [];
      score = Math.min(score, -found);
      return [
        {
          serverId: row.server_id,
          server: row.path,
          tool: JSON.parse(row.tool_json) as Tool,
          hash: row.hash,
          findings: JSON.parse(row.findings_json) as TextFinding[],
          score,
        },
      ];
    });
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
    async search(
      words: readonly string[],
      { limit, offset, ...group }: SearchGroup & { limit: number; offset: number },
    ): Promise<SearchHit[]> {
      if (words.length === 0) return [];
      const all = words.map(quote).join(' AND ');
      const hits = await find(all, group, limit, offset);
      if (words.length === 1 || hits.length > 0) return hits;
      // Every page of an answer is of the same kind as its first.
      if (offset > 0 && (await hasAny(all, group))) return [];
      return find(words.map(quote).join(' OR '), group, limit, offset);
    },
  };
}
