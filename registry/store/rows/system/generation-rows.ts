import type { Kysely, Selectable, Updateable } from 'kysely';
import type { GenerationState, RejectedServer } from '../../../contract/index.ts';
import type { GenerationRow, Tables } from '../../tables.ts';

export interface StoredGeneration {
  number: number;
  state: GenerationState;
  revision: number;
  servers: number;
  rejected: RejectedServer[];
  cause: string;
  error: string | null;
  nginxOutput: string;
  /** SHA-256 of the rendering without its number: equal fingerprints are equal bytes. */
  fingerprint: string;
  createdAt: string;
  verifiedAt: string | null;
  tookMs: number | null;
}

function readGeneration(row: Selectable<GenerationRow>): StoredGeneration {
  return {
    number: row.number,
    state: row.state as GenerationState,
    revision: row.revision,
    servers: row.servers,
    rejected: JSON.parse(row.rejected_json) as RejectedServer[],
    cause: row.cause,
    error: row.error,
    nginxOutput: row.nginx_output,
    fingerprint: row.fingerprint,
    createdAt: row.created_at,
    verifiedAt: row.verified_at,
    tookMs: row.took_ms,
  };
}

function writeGeneration(generation: Partial<StoredGeneration>): Updateable<GenerationRow> {
  const row: Updateable<GenerationRow> = {};
  if (generation.state !== undefined) row.state = generation.state;
  if (generation.revision !== undefined) row.revision = generation.revision;
  if (generation.servers !== undefined) row.servers = generation.servers;
  if (generation.rejected !== undefined) row.rejected_json = JSON.stringify(generation.rejected);
  if (generation.cause !== undefined) row.cause = generation.cause;
  if (generation.error !== undefined) row.error = generation.error;
  if (generation.nginxOutput !== undefined) row.nginx_output = generation.nginxOutput;
  if (generation.fingerprint !== undefined) row.fingerprint = generation.fingerprint;
  if (generation.verifiedAt !== undefined) row.verified_at = generation.verifiedAt;
  if (generation.tookMs !== undefined) row.took_ms = generation.tookMs;
  return row;
}

/** The published generations. */
export function createGenerationRows(db: Kysely<Tables>) {
  return {
    async add(generation: StoredGeneration): Promise<void> {
      await db
        .insertInto('generations')
        .values({
          number: generation.number,
          state: generation.state,
          revision: generation.revision,
          servers: generation.servers,
          rejected_json: JSON.stringify(generation.rejected),
          cause: generation.cause,
          error: generation.error,
          nginx_output: generation.nginxOutput,
          fingerprint: generation.fingerprint,
          created_at: generation.createdAt,
          verified_at: generation.verifiedAt,
          took_ms: generation.tookMs,
        })
        .execute();
    },

    async update(number: number, changes: Partial<StoredGeneration>): Promise<void> {
      await db.updateTable('generations').set(writeGeneration(changes)).where('number', '=', number).execute();
    },

    async byNumber(number: number): Promise<StoredGeneration | undefined> {
      const row = await db.selectFrom('generations').selectAll().where('number', '=', number).executeTakeFirst();
      return row && readGeneration(row);
    },

    /** Newest first. */
    async list(query: { limit: number; beforeNumber?: number | undefined }): Promise<StoredGeneration[]> {
      let select = db.selectFrom('generations').selectAll().orderBy('number', 'desc').limit(query.limit);
      if (query.beforeNumber !== undefined) select = select.where('number', '<', query.beforeNumber);
      return (await select.execute()).map(readGeneration);
    },

    async lastNumber(): Promise<number> {
      const row = await db
        .selectFrom('generations')
        .select('number')
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.number ?? 0;
    },
  };
}
