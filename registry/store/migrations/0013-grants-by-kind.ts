import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

interface Old {
  server: string;
  tools: string[];
}

interface AgentsThen {
  agents: { name: string; grants_json: string };
}

/** Grants name resources and prompts too. Until now they applied to all of a server's, which stays so. */
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
