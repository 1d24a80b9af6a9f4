import type { Kysely, Selectable } from 'kysely';
import type { Grant } from '../../../contract/index.ts';
import type { GroupRow, Tables } from '../../tables.ts';

/** Grants that several agents have. */
export interface StoredGroup {
  name: string;
  description: string;
  grants: Grant[];
  /** The configuration that it comes from; absent: none. */
  managedBy?: string | undefined;
  /** Names of the agents in it, sorted. */
  agents: string[];
  createdAt: string;
  revision: number;
}

function readGroup(row: Selectable<GroupRow>, agents: string[]): StoredGroup {
  return {
    name: row.name,
    description: row.description,
    grants: JSON.parse(row.grants_json) as Grant[],
    ...(row.managed_by !== '' && { managedBy: row.managed_by }),
    agents,
    createdAt: row.created_at,
    revision: row.revision,
  };
}

/** Groups of agents, sorted by name. Memberships are written with the agent. */
export function createGroupRows(db: Kysely<Tables>) {
  const memberships = () => db.selectFrom('agent_groups').selectAll().orderBy('agent');
  return {
    async all(): Promise<StoredGroup[]> {
      const rows = await db.selectFrom('groups').selectAll().orderBy('name').execute();
      const members = Map.groupBy(await memberships().execute(), (row) => row.group_name);
      return rows.map((row) => {
        const agents = (members.get(row.name) ?? []).map(({ agent }) => agent);
        return readGroup(row, agents);
      });
    },

    async byName(name: string): Promise<StoredGroup | undefined> {
      const row = await db.selectFrom('groups').selectAll().where('name', '=', name).executeTakeFirst();
      if (row === undefined) return undefined;
      const members = await memberships().where('group_name', '=', name).execute();
      return readGroup(
        row,
        members.map(({ agent }) => agent),
      );
    },

    /** Writes a group, new or changed; its agents remain. */
    async put(group: Omit<StoredGroup, 'agents'>): Promise<void> {
      const values = {
        description: group.description,
        grants_json: JSON.stringify(group.grants),
        managed_by: group.managedBy ?? '',
        created_at: group.createdAt,
        revision: group.revision,
      };
      await db
        .insertInto('groups')
        .values({ name: group.name, ...values })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
        .execute();
    },

    /** Removes a group and its memberships. */
    async remove(name: string): Promise<void> {
      await db.deleteFrom('groups').where('name', '=', name).execute();
    },
  };
}
