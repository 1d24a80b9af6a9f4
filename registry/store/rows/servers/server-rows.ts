import type { Kysely, Selectable } from 'kysely';
import type { InstanceEndpoints, MalformedTool } from '../../../contract/index.ts';
import type { Sealer } from '../../seal.ts';
import type { ServerRow, Tables } from '../../tables.ts';
import { saveVersion } from './virtual-version-rows.ts';
import { readInstance, readServer, type ServerWrite, type StoredInstance, type StoredServer } from './stored-server.ts';

export type { ServerWrite, StoredInstance, StoredServer };

/** Servers with their instances. Lists are sorted by path. */
export function createServerRows(db: Kysely<Tables>, sealer: Sealer) {
  async function withInstances(rows: Selectable<ServerRow>[]): Promise<StoredServer[]> {
    const byServer = new Map<string, StoredInstance[]>();
    let query = db.selectFrom('instances').selectAll().orderBy('server_id').orderBy('position');
    if (rows.length === 1) query = query.where('server_id', '=', rows[0]?.id ?? '');
    for (const row of rows.length === 0 ? [] : await query.execute()) {
      const list = byServer.get(row.server_id) ?? [];
      list.push(readInstance(row, sealer));
      byServer.set(row.server_id, list);
    }
    return rows.map((row) => readServer(row, byServer.get(row.id) ?? [], sealer));
  }

  return {
    /** Every server that is not removed. */
    async all(): Promise<readonly StoredServer[]> {
      return withInstances(
        await db.selectFrom('servers').selectAll().where('removed_at', 'is', null).orderBy('path').execute(),
      );
    },

    async byPath(path: string): Promise<StoredServer | undefined> {
      const rows = await db
        .selectFrom('servers')
        .selectAll()
        .where('path', '=', path)
        .where('removed_at', 'is', null)
        .execute();
      return (await withInstances(rows))[0];
    },

    async byId(id: string): Promise<StoredServer | undefined> {
      return (await withInstances(await db.selectFrom('servers').selectAll().where('id', '=', id).execute()))[0];
    },

    /** Whether a server exists and has not changed since this revision. */
    async hasRevision(id: string, revision: number): Promise<boolean> {
      const row = await db
        .selectFrom('servers')
        .select('id')
        .where('id', '=', id)
        .where('revision', '=', revision)
        .where('removed_at', 'is', null)
        .executeTakeFirst();
      return row !== undefined;
    },

    /** The server most recently removed from this path, if any. */
    async lastRemoved(path: string): Promise<StoredServer | undefined> {
      const rows = await db
        .selectFrom('servers')
        .selectAll()
        .where('path', '=', path)
        .where('removed_at', 'is not', null)
        .orderBy('removed_at', 'desc')
        .limit(1)
        .execute();
      return (await withInstances(rows))[0];
    },

    /** The server most recently removed from each path that is free now, latest first. */
    async removed(limit: number): Promise<{ path: string; name: string; removedAt: string }[]> {
      const rows = await db
        .selectFrom('servers as gone')
        .select(['path', 'name', 'removed_at'])
        .where('removed_at', 'is not', null)
        .where((gone) =>
          gone.not(
            gone.exists(
              gone
                .selectFrom('servers as later')
                .select('later.id')
                .whereRef('later.path', '=', 'gone.path')
                .where((later) =>
                  later.or([
                    later('later.removed_at', 'is', null),
                    later('later.removed_at', '>', later.ref('gone.removed_at')),
                  ]),
                ),
            ),
          ),
        )
        .orderBy('removed_at', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ removed_at: removedAt, ...row }) => ({ ...row, removedAt: removedAt ?? '' }));
    },

    /** The credentials of a server in plain text, by header. */
    async credentials(id: string): Promise<Record<string, string>> {
      const row = await db.selectFrom('servers').select('headers_sealed').where('id', '=', id).executeTakeFirst();
      const text = sealer.open(row?.headers_sealed ?? '');
      return text === '' ? {} : (JSON.parse(text) as Record<string, string>);
    },

    /** The environment of a server's program in plain text: values as entered, by variable. */
    async environment(id: string): Promise<Record<string, string>> {
      const row = await db.selectFrom('servers').select('env_sealed').where('id', '=', id).executeTakeFirst();
      const text = sealer.open(row?.env_sealed ?? '');
      return text === '' ? {} : (JSON.parse(text) as Record<string, string>);
    },

    /** The text of the description of a REST API; undefined: it has none. */
    async document(id: string): Promise<string | undefined> {
      const found = db.selectFrom('api_descriptions').select('document').where('server_id', '=', id);
      return (await found.executeTakeFirst())?.document;
    },

    /** Writes a server and its instances, new or changed. */
    async put(server: ServerWrite): Promise<void> {
      const values = {
        path: server.path,
        name: server.name,
        description: server.description,
        tags_json: JSON.stringify(server.tags),
        transport: server.transport,
        adapt: server.adapt === true ? 1 : 0,
        program_json: server.program === null ? null : JSON.stringify(server.program),
        virtual_json: server.tools === undefined ? null : await saveVersion(db, { ...server, tools: server.tools }),
        openapi_json: server.openapi === undefined ? null : JSON.stringify(server.openapi),
        enabled: server.enabled ? 1 : 0,
        forward_headers_json: JSON.stringify(server.forwardHeaders),
        host_mode: server.hostMode,
        timeouts_json: JSON.stringify(server.timeouts),
        tls_sealed: server.tls === undefined ? '' : sealer.seal(JSON.stringify(server.tls)),
        license: server.license,
        stars: server.stars,
        metadata_json: JSON.stringify(server.metadata),
        managed_by: server.managedBy ?? '',
        created_at: server.createdAt,
        updated_at: server.updatedAt,
        removed_at: server.removedAt,
        revision: server.revision,
      };
      const seal = (values: Record<string, string>) =>
        Object.keys(values).length === 0 ? '' : sealer.seal(JSON.stringify(values));
      const secrets = {
        ...(server.headers && {
          header_names_json: JSON.stringify(Object.keys(server.headers).sort()),
          headers_sealed: seal(server.headers),
        }),
        ...(server.env && {
          env_names_json: JSON.stringify(Object.keys(server.env).sort()),
          env_sealed: seal(server.env),
        }),
      };
      await db
        .insertInto('servers')
        .values({ id: server.id, header_names_json: '[]', headers_sealed: '', ...values, ...secrets })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ ...values, ...secrets }))
        .execute();
      if (server.document !== undefined)
        await db
          .insertInto('api_descriptions')
          .values({ server_id: server.id, document: server.document })
          .onConflict((conflict) => conflict.column('server_id').doUpdateSet({ document: server.document ?? '' }))
          .execute();
      await db.deleteFrom('instances').where('server_id', '=', server.id).execute();
      const rows = server.instances.map((instance, position) => ({
        server_id: server.id,
        id: instance.id,
        position,
        url: instance.url,
        query_sealed: sealer.seal(instance.query),
        weight: instance.weight,
        enabled: instance.enabled ? 1 : 0,
        up: instance.up ? 1 : 0,
        endpoints_json: instance.endpoints === null ? null : JSON.stringify(instance.endpoints),
        tools_hash: instance.toolsHash,
        malformed_json: JSON.stringify(instance.malformed ?? []),
      }));
      if (rows.length > 0) await db.insertInto('instances').values(rows).execute();
    },

    /** Stores the result of a probe of one instance; no effect if the instance no longer exists. */
    async putInstanceState(
      serverId: string,
      instanceId: string,
      state: { up: boolean; endpoints: InstanceEndpoints | null },
    ): Promise<void> {
      await db
        .updateTable('instances')
        .set({
          up: state.up ? 1 : 0,
          endpoints_json: state.endpoints === null ? null : JSON.stringify(state.endpoints),
        })
        .where('server_id', '=', serverId)
        .where('id', '=', instanceId)
        .execute();
    },

    /** Stores the tool list of an instance: the snapshot, and its malformed tools. No effect if the instance no longer exists. */
    async putInstanceTools(
      serverId: string,
      instanceId: string,
      toolsHash: string,
      malformed: readonly MalformedTool[],
    ): Promise<void> {
      await db
        .updateTable('instances')
        .set({ tools_hash: toolsHash, malformed_json: JSON.stringify(malformed) })
        .where('server_id', '=', serverId)
        .where('id', '=', instanceId)
        .execute();
    },
  };
}
