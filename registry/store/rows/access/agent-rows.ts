import type { Kysely, Selectable } from 'kysely';
import type { Grant, Role, ToolList } from '../../../contract/index.ts';
import type { AgentRow, KeyRow, Tables } from '../../tables.ts';

export interface StoredKey {
  id: string;
  agent: string;
  /** SHA-256 of the whole key, hex; the key itself is not stored. */
  sha256: string;
  label: string;
  hint: string;
  createdAt: string;
  expiresAt: string | null;
  /** Patterns of the servers that it is limited to; null: those of its agent. */
  servers: string[] | null;
}

export interface StoredAgent {
  name: string;
  description: string;
  owner: string;
  tags: string[];
  /** Names of its groups, sorted. */
  groups: string[];
  role: Role | null;
  enabled: boolean;
  expiresAt: string | null;
  grants: Grant[];
  /** The configuration that it comes from; absent: none. */
  managedBy?: string | undefined;
  toolList: ToolList;
  createdAt: string;
  revision: number;
  keys: StoredKey[];
}

function readKey(row: Selectable<KeyRow>): StoredKey {
  return {
    id: row.id,
    agent: row.agent,
    sha256: row.sha256,
    label: row.label,
    hint: row.hint,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    servers: row.servers_json === null ? null : (JSON.parse(row.servers_json) as string[]),
  };
}

function readAgent(row: Selectable<AgentRow>, groups: string[], keys: StoredKey[]): StoredAgent {
  return {
    name: row.name,
    description: row.description,
    owner: row.owner,
    tags: JSON.parse(row.tags_json) as string[],
    groups,
    role: row.role as Role | null,
    enabled: row.enabled === 1,
    expiresAt: row.expires_at,
    grants: JSON.parse(row.grants_json) as Grant[],
    ...(row.managed_by !== '' && { managedBy: row.managed_by }),
    toolList: row.tool_list as ToolList,
    createdAt: row.created_at,
    revision: row.revision,
    keys,
  };
}

/** Machine identities with their keys, sorted by name. */
export function createAgentRows(db: Kysely<Tables>) {
  async function groupsOf(name: string): Promise<string[]> {
    const found = db.selectFrom('agent_groups').select('group_name').where('agent', '=', name).orderBy('group_name');
    return (await found.execute()).map((row) => row.group_name);
  }

  async function putGroups(name: string, groups: readonly string[]): Promise<void> {
    await db.deleteFrom('agent_groups').where('agent', '=', name).execute();
    if (groups.length === 0) return;
    const rows = groups.map((group) => ({ agent: name, group_name: group }));
    await db.insertInto('agent_groups').values(rows).execute();
  }

  return {
    async all(): Promise<StoredAgent[]> {
      const rows = await db.selectFrom('agents').selectAll().orderBy('name').execute();
      const byAgent = Map.groupBy(
        (await db.selectFrom('agent_keys').selectAll().orderBy('created_at').execute()).map(readKey),
        (key) => key.agent,
      );
      const memberships = Map.groupBy(
        await db.selectFrom('agent_groups').selectAll().orderBy('group_name').execute(),
        ({ agent }) => agent,
      );
      return rows.map(({ name, ...row }) => {
        const groups = (memberships.get(name) ?? []).map((membership) => membership.group_name);
        return readAgent({ name, ...row }, groups, byAgent.get(name) ?? []);
      });
    },

    async byName(name: string): Promise<StoredAgent | undefined> {
      const row = await db.selectFrom('agents').selectAll().where('name', '=', name).executeTakeFirst();
      if (row === undefined) return undefined;
      const keys = await db
        .selectFrom('agent_keys')
        .selectAll()
        .where('agent', '=', name)
        .orderBy('created_at')
        .execute();
      return readAgent(row, await groupsOf(name), keys.map(readKey));
    },

    /** The key with this SHA-256 and its agent: identifies a bearer of the REST API. */
    async byKeyHash(sha256: string): Promise<{ agent: StoredAgent; key: StoredKey } | undefined> {
      const found = await db.selectFrom('agent_keys').selectAll().where('sha256', '=', sha256).executeTakeFirst();
      if (found === undefined) return undefined;
      const row = await db.selectFrom('agents').selectAll().where('name', '=', found.agent).executeTakeFirst();
      const key = readKey(found);
      return row && { agent: readAgent(row, await groupsOf(row.name), [key]), key };
    },

    /** Writes an agent, new or changed; its keys remain. */
    async put(agent: Omit<StoredAgent, 'keys'>): Promise<void> {
      const values = {
        description: agent.description,
        owner: agent.owner,
        tags_json: JSON.stringify(agent.tags),
        role: agent.role,
        enabled: agent.enabled ? 1 : 0,
        expires_at: agent.expiresAt,
        grants_json: JSON.stringify(agent.grants),
        managed_by: agent.managedBy ?? '',
        tool_list: agent.toolList,
        created_at: agent.createdAt,
        revision: agent.revision,
      };
      await db
        .insertInto('agents')
        .values({ name: agent.name, ...values })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
        .execute();
      await putGroups(agent.name, agent.groups);
    },

    /** Removes an agent and its keys. */
    async remove(name: string): Promise<void> {
      await db.deleteFrom('agents').where('name', '=', name).execute();
    },

    async addKey(key: StoredKey): Promise<void> {
      await db
        .insertInto('agent_keys')
        .values({
          id: key.id,
          agent: key.agent,
          sha256: key.sha256,
          label: key.label,
          hint: key.hint,
          created_at: key.createdAt,
          expires_at: key.expiresAt,
          servers_json: key.servers && JSON.stringify(key.servers),
        })
        .execute();
    },

    /** Writes the fields of a key that can change. */
    async changeKey({ id, agent, label, expiresAt, servers }: StoredKey): Promise<void> {
      await db
        .updateTable('agent_keys')
        .set({ label, expires_at: expiresAt, servers_json: servers && JSON.stringify(servers) })
        .where('agent', '=', agent)
        .where('id', '=', id)
        .execute();
    },

    async removeKey(agent: string, id: string): Promise<boolean> {
      const done = await db.deleteFrom('agent_keys').where('agent', '=', agent).where('id', '=', id).executeTakeFirst();
      return done.numDeletedRows > 0n;
    },
  };
}
