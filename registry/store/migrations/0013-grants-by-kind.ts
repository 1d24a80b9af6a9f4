import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

interface Old {
  server: string;
  tools: string[];
}

interface AgentsThen {
  agents: { name: string; grants_json: string };
}

/** Grants also name resources and prompts. Existing grants still apply to all resources and prompts of a server. */
export const grantsByKind: Migration = {
  async up(db: Kysely<AgentsThen>) {
    for (const { name, grants_json: json } of await db.selectFrom('agents').selectAll().execute()) {
      const grants = (JSON.parse(json) as Old[]).map((grant) => ({ ...grant, resources: ['*'], prompts: ['*'] }));
      await db
        .updateTable('agents')
        .set({ grants_json: JSON.stringify(grants) })
        .where('name', '=', name)
        .execute();
    }
  },
};
