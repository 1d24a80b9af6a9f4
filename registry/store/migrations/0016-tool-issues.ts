import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Issues of a server's tools that need attention, and since when a server has its current health. */
export const toolIssues: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table observations add column health_since text`.execute(db);
    await sql`create table tool_issues (
      server_id text not null,
      kind text not null,
      count integer not null,
      since text not null,
      primary key (server_id, kind)
    ) without rowid`.execute(db);
    const now = new Date().toISOString();
    await sql`insert into tool_issues (server_id, kind, count, since)
      select tools.server_id, case tool_locks.mode when 'block' then 'blocked' else 'changed' end, count(*), ${now}
      from tools join tool_locks on tool_locks.server_id = tools.server_id
      left join approvals on approvals.server_id = tools.server_id and approvals.name = tools.name
      where approvals.hash is null or approvals.hash <> tools.hash
      group by tools.server_id`.execute(db);
    await sql`insert into tool_issues (server_id, kind, count, since)
      select server_id, 'flagged', count(*), ${now} from tools
      where findings_json <> '[]' and server_id not in (select server_id from tool_locks)
      group by server_id`.execute(db);
    await sql`insert into tool_issues (server_id, kind, count, since)
      select server_id, 'malformed', max(json_array_length(malformed_json)), ${now} from instances
      where malformed_json <> '[]' and enabled = 1
      group by server_id`.execute(db);
  },
};
