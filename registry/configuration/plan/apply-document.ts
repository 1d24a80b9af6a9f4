import {
  completeServer,
  isBridged,
  serverInput,
  type AccessBatch,
  type Actor,
  type CompleteAgent,
  type CompleteServer,
  type ConfigDocument,
  type ConfigKind,
  type ConfigPlan,
  type ServerBatch,
  type ServerInput,
  type ServerLimits,
} from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import { requireRevision } from '../../lib/require-revision.ts';
import type { TakenOver, Transaction } from '../../store/index.ts';
import type { ConfigurationDeps } from '../configuration-deps.ts';
import { toBatch, toLimitsBatch, toServerBatch } from './create-batches.ts';
import { createPlan } from './create-plan.ts';
import { decideLimits } from './wanted-limits.ts';

export interface ApplyOptions {
  source: string;
  probe: boolean;
  ifRevision?: number | undefined;
  replaces?: boolean;
  /** Keys of agents that are compared and shown: those of configurations, or all. */
  keys?: 'configured' | 'all';
  /** Name of the audit row. */
  action?: string;
  /** Also written in the same transaction; null: only the document. */
  also?: { describe: unknown; write: (tx: Transaction) => Promise<void> } | null;
}

interface Draft {
  /** Taken over, but no longer in the document. */
  forgotten: TakenOver[];
  plan: ConfigPlan;
  servers: ServerBatch;
  access: AccessBatch;
}

const PROGRAM_SKIPPED = 'it is a program, and this gateway runs none: set STDIO_COMMANDS=allow and restart it';

function readServers(document: ConfigDocument, allowsPrograms: boolean) {
  const wanted = new Map<string, { input: ServerInput; limits: ServerLimits | undefined }>();
  const skipped: ConfigPlan['skipped'] = [];
  for (const [written, { limits, ...server }] of Object.entries(document.servers)) {
    const input = serverInput.safeParse({ path: written, ...server });
    if (!input.success) {
      const errors = input.error.issues.map(({ path: [first, ...rest], message }) => ({
        field: ['servers', written, ...(first === 'path' || first === undefined ? [] : [first]), ...rest].join('.'),
        message,
      }));
      throw new RegistryError('invalid', errors.map(({ field, message }) => `${field}: ${message}`).join('\n'), {
        errors,
      });
    }
    if (input.data.program !== null && !allowsPrograms) skipped.push({ name: written, reason: PROGRAM_SKIPPED });
    else wanted.set(input.data.path, { input: input.data, limits });
  }
  return { wanted, skipped };
}

/** An API description that the document only references by URL is compared by its URL: its text is read when the server is stored. */
function withoutText(current: CompleteServer, wanted: ServerInput | undefined): CompleteServer {
  const { openapi } = current;
  if (openapi?.url === undefined || wanted?.openapi?.url === undefined || wanted.openapi.document !== undefined)
    return current;
  return { ...current, openapi: { url: openapi.url } };
}

/** What a document would change, and the batches that store it. */
export async function draftChanges(
  deps: ConfigurationDeps,
  document: ConfigDocument,
  { source, replaces = false, keys = 'configured' }: ApplyOptions,
): Promise<Draft> {
  const { store } = deps;
  const revision = await store.meta.revision();
  const { wanted, skipped } = readServers(document, deps.allowsPrograms);
  const agents = new Map<string, CompleteAgent>(
    Object.entries(document.agents).map(([name, agent]) => [name, deps.access.complete(name, agent)]),
  );
  const groups = new Map(Object.entries(document.groups));
  const names: Record<ConfigKind, { has(name: string): boolean }> = { server: wanted, agent: agents, group: groups };
  const taken = (await store.takenOver.all()).filter((one) => one.source === source && source !== '');
  const isNamed = ({ kind, name }: TakenOver) => names[kind].has(name);
  const limits = await deps.access.serverLimits();
  const servers = new Map(
    [...(await deps.servers.inputs())].map(([path, { item, managedBy }]) => {
      const { limits: set, limitsBy = '' } = limits.get(path) ?? {};
      const current = withoutText(item, wanted.get(path)?.input);
      return [path, { item: { ...current, limits: set }, managedBy, limitsBy }];
    }),
  );
  // Skipped servers remain unchanged: a setting of the gateway must not remove them.
  for (const { name } of skipped) servers.delete(name);
  const wantedServers = new Map(
    [...wanted].map(([path, one]): [string, CompleteServer] => [
      path,
      { ...completeServer(one.input), ...(one.limits && { limits: one.limits }) },
    ]),
  );
  const [currentGroups, currentAgents] = [await deps.access.groups(), await deps.access.agents(keys)];
  const deciding = { source, replaces };
  const limited = {
    server: decideLimits(wantedServers, servers, deciding),
    group: decideLimits(groups, currentGroups, deciding),
    agent: decideLimits(agents, currentAgents, {
      ...deciding,
      initial: document.agentLimits ?? deps.access.defaultLimits(),
    }),
  };
  const { changes, unchanged } = createPlan({
    source,
    replaces,
    takenOver: new Set(taken.map(({ kind, name }) => `${kind} ${name}`)),
    servers: { current: servers, wanted: limited.server },
    groups: { current: currentGroups, wanted: limited.group },
    agents: { current: currentAgents, wanted: limited.agent },
  });
  const inputs = new Map([...wanted].map(([path, { input }]) => [path, input]));
  const takenOver = taken.filter(isNamed).map(({ kind, name, at, by }) => ({ kind, name, at, by }));
  return {
    plan: { source, revision, changes, unchanged, skipped, takenOver, restart: [] },
    servers: toServerBatch(changes, inputs, source),
    access: {
      agents: toBatch(changes, 'agent', agents, source),
      groups: toBatch(changes, 'group', groups, source),
      limits: (['server', 'group', 'agent'] as const).flatMap((kind) => toLimitsBatch(changes, kind, limited[kind])),
    },
    forgotten: taken.filter((one) => !isNamed(one)),
  };
}

/** Another change was made between the plan and its transaction. */
class Outdated extends Error {}

const MAX_TRIES = 5;

function describe({ changes, source }: ConfigPlan) {
  return {
    source,
    changes: changes.map(({ action, kind, name, fields }) => ({ action, kind, name, fields })),
  };
}

/**
 * Makes the gateway match a document, in one transaction with one audit row, and one publish. Returns the plan and the new revision; null: there
 * was nothing to change. Throws RegistryError; in that case nothing was changed.
 */
export async function applyDocument(
  deps: ConfigurationDeps,
  actor: Actor,
  document: ConfigDocument,
  options: ApplyOptions,
): Promise<{ plan: ConfigPlan; revision: number | null; unprobed: string[] }> {
  const { also = null } = options;
  for (let tries = 1; ; tries += 1) {
    const { plan, servers, access, forgotten } = await draftChanges(deps, document, options);
    requireRevision('the gateway', plan.revision, options.ifRevision);
    if (plan.changes.length === 0 && forgotten.length === 0 && also === null)
      return { plan, revision: null, unprobed: [] };
    const prepared = await deps.servers.prepareBatch(servers, { probe: options.probe });
    try {
      const { value, revision } = await deps.store.change(actor, options.action ?? 'config.applied', async (tx) => {
        // If the plan was not made from this state, it is made again.
        if (tx.revision !== plan.revision + 1) throw new Outdated();
        const enforceServers = await prepared.write(tx);
        const enforceAccess = await deps.access.write(tx, access);
        for (const { kind, name } of forgotten) await tx.takenOver.remove(kind, name);
        await also?.write(tx);
        return {
          value: { enforceServers, enforceAccess },
          target: `config:${options.source}`,
          after: {
            ...describe(plan),
            ...(forgotten.length > 0 && { givenBack: forgotten.map(({ kind, name }) => ({ kind, name })) }),
            ...(also && { also: also.describe }),
          },
        };
      });
      // First what restricts access.
      const failures: unknown[] = [];
      await value.enforceAccess().catch((error: unknown) => failures.push(error));
      await value.enforceServers().catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw failures[0];
      const isUnprobed = (input: ServerInput) => input.enabled && (isBridged(input) || !options.probe);
      const unprobed = servers.put.flatMap(({ input }) => (isUnprobed(input) ? [input.path] : []));
      return { plan, revision, unprobed };
    } catch (error) {
      if (!(error instanceof Outdated) || tries === MAX_TRIES) throw error;
    }
  }
}
