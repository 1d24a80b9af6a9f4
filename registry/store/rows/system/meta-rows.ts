import type { Kysely } from 'kysely';
import type { Tables } from '../../tables.ts';

/** Single values: the revision, and values that a feature must retain across restarts. */
export function createMetaRows(db: Kysely<Tables>) {
  async function get(key: string): Promise<string | undefined> {
    return (await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst())?.value;
  }
  async function put(key: string, value: string): Promise<void> {
    await db
      .insertInto('meta')
      .values({ key, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
      .execute();
  }
  return {
    get,
    put,
    /** Counts every change; never decreases. */
    async revision(): Promise<number> {
      return Number((await get('revision')) ?? '0');
    },
  };
}
