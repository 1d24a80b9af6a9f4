import {
  isBridged,
  kindOfServer,
  type InstanceProbe,
  type ServerBatch,
  type ServerInput,
} from '../../contract/index.ts';
import { RegistryError, type FieldError } from '../../lib/errors.ts';
import type { StoredServer, Transaction } from '../../store/index.ts';
import { mergeTls } from '../change/merge-tls.ts';
import { describeApi, type DescribedApi } from '../change/describe-api.ts';
import { placeServer } from '../change/place-at-bridge.ts';
import { assumeEndpoints } from '../change/place-instances.ts';
import { probeInstances } from '../change/probe-instances.ts';
import { rejectBuiltIn, validateInstances, rejectPrograms, rejectTransport } from '../validate/validate-server.ts';
import { validateTools } from '../validate/validate-tools.ts';
import { validateTls } from '../validate/validate-tls.ts';
import { createId, INSTANCE_ID_LENGTH, SERVER_ID_LENGTH } from '../create-id.ts';
import type { ServersDeps } from '../servers-deps.ts';
import { enforceBatch, type BatchResult } from './enforce-batch.ts';

/** A batch that was validated and probed. */
export interface PreparedBatch {
  /** Stores the whole batch. Returns a function to call after the commit: access files, observations, events. */
  write(tx: Transaction): Promise<() => Promise<void>>;
}

const newInstanceId = () => createId(INSTANCE_ID_LENGTH);

interface Prepared {
  input: ServerInput;
  id: string;
  managedBy: string;
  instances: StoredServer['instances'];
  probes: InstanceProbe[];
  described: DescribedApi | undefined;
  /** The server with this path that is changed; undefined: none, or one of another kind, which is removed. */
  before: StoredServer | undefined;
}

async function collect(path: string, check: () => unknown, errors: FieldError[]): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    const found = error.errors ?? [{ field: '', message: error.message }];
    for (const { field, message } of found)
      errors.push({ field: ['servers', path, ...(field === '' ? [] : [field])].join('.'), message });
  }
}

/** Throws RegistryError `invalid`. Returns the descriptions of REST APIs, by path. */
async function validateBatch(deps: ServersDeps, batch: ServerBatch): Promise<Map<string, DescribedApi>> {
  const errors: FieldError[] = [];
  const planned = new Map<string, boolean | null>([
    ...batch.remove.map((path) => [path, null] as const),
    ...batch.put.map(({ input }) => [input.path, input.tools !== undefined] as const),
  ]);
  const descriptions = new Map<string, DescribedApi>();
  await Promise.all(
    batch.put.map(({ input }) =>
      collect(
        input.path,
        async () => {
          rejectBuiltIn(input.path, 'registered');
          rejectTransport(input.transport);
          if (input.program !== null) rejectPrograms(deps);
          validateTls(mergeTls(undefined, input.tls));
          if (input.openapi !== undefined)
            descriptions.set(input.path, await describeApi(deps, input.openapi, input.instances));
          await validateInstances(deps, descriptions.get(input.path)?.instances ?? input.instances);
          if (input.tools !== undefined) await validateTools(deps, input.path, input.tools, planned);
        },
        errors,
      ),
    ),
  );
  for (const path of batch.remove) await collect(path, () => rejectBuiltIn(path, 'removed'), errors);
  if (errors.length === 0) return descriptions;
  throw new RegistryError('invalid', errors.map(({ field, message }) => `${field}: ${message}`).join('\n'), { errors });
}

function place(input: ServerInput, before: StoredServer | undefined, id: string): StoredServer['instances'] {
  const placed = placeServer({ ...input, id }, input.instances, before?.instances ?? [], newInstanceId);
  if (isBridged(input)) return placed;
  const isOther = before !== undefined && (before.transport !== input.transport || isBridged(before));
  return isOther
    ? placed.map((instance) => ({ ...instance, endpoints: assumeEndpoints(instance.url, input.transport) }))
    : placed;
}

/** Adds an empty query to URLs without one: `http://h/mcp` would keep a stored query, but here it means none. */
function writeQueries(input: ServerInput): ServerInput {
  const instances = input.instances.map((instance) =>
    instance.url.includes('?') ? instance : { ...instance, url: `${instance.url}?` },
  );
  return { ...input, instances };
}

/**
 * Validates and probes servers that are to be stored together. Nothing is stored before `write`. Throws RegistryError `invalid` with every
 * mistake, its field as a path from the root of the configuration: `servers.weather.instances.0.url`.
 */
export async function prepareBatch(
  deps: ServersDeps,
  batch: ServerBatch,
  { probe }: { probe: boolean },
): Promise<PreparedBatch> {
  const descriptions = await validateBatch(deps, batch);
  const prepared = await mapBounded(batch.put, 16, async ({ input: item, managedBy }): Promise<Prepared> => {
    const existing = await deps.store.servers.byPath(item.path);
    const isSameKind = existing !== undefined && kindOfServer(existing.transport) === kindOfServer(item.transport);
    const before = isSameKind ? existing : undefined;
    const described = descriptions.get(item.path);
    const input = writeQueries(described === undefined ? item : { ...item, instances: [...described.instances] });
    const id = before?.id ?? createId(SERVER_ID_LENGTH);
    const instances = place(input, before, id);
    const skipsProbe = !probe || !input.enabled || isBridged(input);
    const tls = mergeTls(undefined, input.tls);
    const probed = skipsProbe
      ? { instances, probes: [] }
      : await probeInstances(deps, { ...input, instances, tls }, input.headers);
    return { input, id, managedBy, ...probed, before, described };
  });

  return {
    async write(tx) {
      const results: BatchResult[] = [];
      const remove = async (path: string) => {
        const server = await tx.servers.byPath(path);
        if (server === undefined) return;
        const end = { removedAt: tx.now, updatedAt: tx.now, revision: tx.revision };
        await tx.servers.put({ ...server, managedBy: undefined, headers: undefined, ...end });
        results.push({ id: server.id, path, event: 'server.removed', isProgram: false, probes: [] });
      };
      for (const path of batch.remove) await remove(path);
      for (const { path, managedBy } of batch.mark) {
        const server = await tx.servers.byPath(path);
        if (server === undefined) continue;
        const mark = { managedBy: managedBy === '' ? undefined : managedBy, revision: tx.revision, updatedAt: tx.now };
        await tx.servers.put({ ...server, ...mark, headers: undefined });
        results.push({ id: server.id, path, event: 'server.changed', isProgram: false, probes: [] });
      }
      for (const { input, id, managedBy, instances, probes, before, described } of prepared) {
        const existing = await tx.servers.byPath(input.path);
        if (existing !== undefined && existing.id !== id) await remove(input.path);
        const { tls, openapi: _, ...fields } = input;
        await tx.servers.put({
          ...before,
          ...fields,
          tls: mergeTls(undefined, tls),
          openapi: described?.openapi,
          document: described?.document,
          managedBy: managedBy === '' ? undefined : managedBy,
          id,
          instances,
          createdAt: before?.createdAt ?? tx.now,
          updatedAt: tx.now,
          removedAt: null,
          revision: tx.revision,
        });
        const event = before === undefined ? 'server.registered' : 'server.changed';
        results.push({ id, path: input.path, event, isProgram: isBridged(input), probes });
      }
      return () => enforceBatch(deps, results);
    },
  };
}

async function mapBounded<In, Out>(
  items: readonly In[],
  atOnce: number,
  work: (item: In) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = [];
  const queue = items.entries();
  const run = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, run));
  return results;
}
