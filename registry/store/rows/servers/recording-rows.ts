import type { Kysely } from 'kysely';
import type { Recording } from '../../../contract/index.ts';
import type { Tables } from '../../tables.ts';

/** Which data of the calls of servers is recorded; without a row, none. */
export function createRecordingRows(db: Kysely<Tables>) {
  return {
    async byServer(serverId: string): Promise<Recording | undefined> {
      const row = await db
        .selectFrom('recordings')
        .select('value_json')
        .where('server_id', '=', serverId)
        .executeTakeFirst();
      return row && (JSON.parse(row.value_json) as Recording);
    },

    async put(serverId: string, recording: Recording): Promise<void> {
      const value = { value_json: JSON.stringify(recording) };
      await db
        .insertInto('recordings')
        .values({ server_id: serverId, ...value })
        .onConflict((conflict) => conflict.column('server_id').doUpdateSet(value))
        .execute();
    },
  };
}
