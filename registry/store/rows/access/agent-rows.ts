import type { Kysely, Selectable } from 'kysely';
import type { Grant, Role } from '../../../contract/index.ts';
import type { AgentRow, KeyRow, Tables } from '../../tables.ts';

export interface StoredKey {
  id: string;
  agent: string;
  /** SHA-256 of the whole key, hex: all that is stored of it. */
  sha256: string;
  label: string;
  hint: string;
  createdAt: string;
  expiresAt: string | null;
}

export interface StoredAgent {
  name: string;
  description: string;
  role: Role | null;
  enabled: boolean;
  expiresAt: string | null;
  grants: Grant[];
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
  };
}

function readAgent(row: Selectable<AgentRow>, keys: StoredKey[]): StoredAgent {
  return {
    name: row.name,
    description: row.description,
    role: row.role as Role | null,
    enabled: row.enabled === 1,
    expiresAt: row.expires_at,
    grants: JSON.parse(row.grants_json) as Grant[],
    createdAt: row.created_at,
    revision: row.revision,
    keys: keys.filter((key) => key.agent === row.name),
  };
}

/** Machine identities with their keys, sorted by name. */
export function createAgentRows(db: Kysely<Tables>) {
  return {
    async all(): Promise<StoredAgent[]> {
      const rows = await db.selectFrom('agents').selectAll().orderBy('name').execute();
      const byAgent = Map.groupBy(
        (await db.selectFrom('agent_keys').selectAll().orderBy('created_at').execute()).map(readKey),
        (key) => key.agent,
      );
      return rows.map((row) => readAgent(row, byAgent.get(row.name) ?? []));
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
      return readAgent(row, keys.map(readKey));
    },

    /** The key with this SHA-256 and its agent: how a bearer of the REST API is known. */
    async byKeyHash(sha256: string): Promise<{ agent: StoredAgent; key: StoredKey } | undefined> {
      const found = await db.selectFrom('agent_keys').selectAll().where('sha256', '=', sha256).executeTakeFirst();
      if (found === undefined) return undefined;
      const row = await db.selectFrom('agents').selectAll().where('name', '=', found.agent).executeTakeFirst();
      const key = readKey(found);
      return row && { agent: readAgent(row, [key]), key };
    },

    /** Writes an agent, new or changed; its keys stay. */
    async put(agent: Omit<StoredAgent, 'keys'>): Promise<void> {
      const values = {
        description: agent.description,
        role: agent.role,
        enabled: agent.enabled ? 1 : 0,
        expires_at: agent.expiresAt,
        grants_json: JSON.stringify(agent.grants),
        created_at: agent.createdAt,
        revision: agent.revision,
      };
      await db
        .insertInto('agents')
        .values({ name: agent.name, ...values })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
        .execute();
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
        })
        .execute();
    },

    async removeKey(agent: string, id: string): Promise<boolean> {
      const done = await db.deleteFrom('agent_keys').where('agent', '=', agent).where('id', '=', id).executeTakeFirst();
      return done.numDeletedRows > 0n;
    },
  };
}
