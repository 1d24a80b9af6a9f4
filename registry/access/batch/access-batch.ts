import {
  agentInput,
  type AccessBatch,
  type AgentLimits,
  type CompleteAgent,
  type CompleteGroup,
  type ConfigAgent,
  type ConfigBatch,
  type LimitsBatch,
  type ServerLimits,
} from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { Events } from '../../lib/events.ts';
import type { LimitTarget, Store, StoredAgent, StoredKey, StoredLimits, Transaction } from '../../store/index.ts';
import type { AccessWriter } from '../files/access-writer.ts';
import { putDefaultLimits, removeAgentRows } from '../agents/agent-rows.ts';
import { readAllLimits } from '../limits/read-limits.ts';
import { isConfiguredKey, rejectWrongKey, toStoredKey } from './configured-keys.ts';

const FIELDS = Object.keys(agentInput.shape).filter((name) => name !== 'name');
const asManaged = (managedBy: string) => (managedBy === '' ? undefined : managedBy);

function invalidField(field: string, message: string): RegistryError {
  return new RegistryError('invalid', `${field}: ${message}`, { errors: [{ field, message }] });
}

function showKeys(keys: readonly StoredKey[]): CompleteAgent['keys'] {
  return keys
    .map(({ label, sha256, expiresAt, servers }) => ({ label, sha256, expiresAt, servers }))
    .sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
}

/** Replaces the keys of an agent. `keepsOthers`: keys created through the API remain. */
async function putKeys(tx: Transaction, before: StoredAgent, wanted: readonly StoredKey[], keepsOthers: boolean) {
  const isWanted = (key: StoredKey) =>
    wanted.some((one) => JSON.stringify(showKeys([one])) === JSON.stringify(showKeys([key])));
  const stale = before.keys.filter((key) => !(keepsOthers && !isConfiguredKey(key)) && !isWanted(key));
  for (const { id } of stale) await tx.agents.removeKey(before.name, id);
  for (const key of wanted) {
    const same = before.keys.find(({ sha256 }) => sha256 === key.sha256);
    if (same !== undefined && !stale.includes(same)) continue;
    const owner = await tx.agents.byKeyHash(key.sha256);
    if (owner !== undefined)
      throw invalidField(`agents.${before.name}.keys`, `one of these keys belongs to the agent "${owner.agent.name}"`);
    const hint = key.hint === '' ? (same?.hint ?? '') : key.hint;
    await tx.agents.addKey({ ...key, createdAt: same?.createdAt ?? key.createdAt, hint });
  }
}

const showLimits = (stored: StoredLimits | undefined) => ({ zone: stored?.zone ?? 'UTC', rules: stored?.rules ?? [] });

async function findTarget(tx: Transaction, { scope, name }: LimitsBatch): Promise<LimitTarget | undefined> {
  if (scope !== 'server') return { scope, target: name };
  const server = await tx.servers.byPath(name);
  return server && { scope, target: server.id };
}

/** Stores limits and the configuration that defines them. Returns their owners. */
async function writeLimits(tx: Transaction, batch: AccessBatch['limits']): Promise<(LimitTarget & { name: string })[]> {
  const limited: (LimitTarget & { name: string })[] = [];
  for (const one of batch) {
    const target = await findTarget(tx, one);
    const before = target && (await tx.limits.of(target));
    if (target === undefined || (before === undefined && one.limits === undefined)) continue;
    const limits = one.limits ?? showLimits(before);
    await tx.limits.put({ ...target, ...limits, managedBy: one.managedBy, revision: tx.revision });
    limited.push({ ...target, name: one.name });
  }
  return limited;
}

async function writeGroups(tx: Transaction, { put, mark }: ConfigBatch<CompleteGroup>): Promise<void> {
  for (const { name, item, managedBy } of put) {
    const before = await tx.groups.byName(name);
    const { limits: _, ...fields } = item;
    const stamps = { createdAt: before?.createdAt ?? tx.now, revision: tx.revision };
    await tx.groups.put({ ...fields, name, managedBy: asManaged(managedBy), ...stamps });
  }
  for (const { name, managedBy } of mark) {
    const group = await tx.groups.byName(name);
    if (group !== undefined) await tx.groups.put({ ...group, managedBy: asManaged(managedBy), revision: tx.revision });
  }
}

async function writeAgents(
  tx: Transaction,
  { put, mark, remove }: ConfigBatch<CompleteAgent>,
  defaultLimits: AgentLimits,
): Promise<void> {
  for (const name of remove) await removeAgentRows(tx, name);
  for (const { name, managedBy } of mark) {
    const agent = await tx.agents.byName(name);
    if (agent !== undefined) await tx.agents.put({ ...agent, managedBy: asManaged(managedBy), revision: tx.revision });
  }
  for (const { name, item, managedBy } of put) {
    for (const [index, group] of item.groups.entries())
      if ((await tx.groups.byName(group)) === undefined)
        throw invalidField(`agents.${name}.groups.${index}`, `there is no group "${group}"`);
    const before = await tx.agents.byName(name);
    const { keys, limits: _, ...fields } = item;
    const stamps = { createdAt: before?.createdAt ?? tx.now, revision: tx.revision };
    const agent = { ...fields, name, managedBy: asManaged(managedBy), ...stamps };
    await tx.agents.put(agent);
    if (before === undefined) await putDefaultLimits(tx, name, defaultLimits);
    const isConfigured = managedBy !== '';
    const stored = keys.map((key) => toStoredKey(name, key, { now: tx.now, isConfigured }));
    await putKeys(tx, { ...agent, keys: before?.keys ?? [] }, stored, isConfigured);
  }
}

/** All items of a kind by name, with the configurations that define the item and its limits ('': none). */
type Catalogued<Item> = Map<string, { item: Item; managedBy: string; limitsBy: string }>;

interface BatchOptions {
  store: Pick<Store, 'agents' | 'groups' | 'limits' | 'servers'>;
  events: Events;
  files: Pick<AccessWriter, 'writeAgents' | 'writeServer'>;
  /** Limits of a new agent. */
  defaultLimits: () => AgentLimits;
}

/** Creates the functions that store and show many agents and groups at once. */
export function createAccessBatch({ store, events, files, defaultLimits }: BatchOptions) {
  return {
    /** An agent of a configuration with its keys hashed. Throws RegistryError `invalid`. */
    complete(name: string, agent: ConfigAgent): CompleteAgent {
      const keys = agent.keys.map((key, index) => {
        rejectWrongKey(key, `agents.${name}.keys.${index}`);
        return toStoredKey(name, key, { now: '', isConfigured: true });
      });
      return { ...agent, groups: [...new Set(agent.groups)].sort(), keys: showKeys(keys) };
    },

    /** Limits of a new agent. */
    defaultLimits,

    /** Every agent as a configuration would describe it, with the keys defined in a configuration or with all. */
    async agents(keys: 'configured' | 'all'): Promise<Catalogued<CompleteAgent>> {
      const agents = await store.agents.all();
      const limits = await readAllLimits(store);
      return new Map(
        agents.map((stored) => {
          const fields = Object.fromEntries(FIELDS.map((field) => [field, stored[field as keyof StoredAgent]]));
          const shown = showKeys(stored.keys.filter((key) => keys === 'all' || isConfiguredKey(key)));
          const limited = limits.get(`agent ${stored.name}`);
          const item = { ...(fields as unknown as CompleteAgent), keys: shown, limits: showLimits(limited) };
          return [stored.name, { item, managedBy: stored.managedBy ?? '', limitsBy: limited?.managedBy ?? '' }];
        }),
      );
    },

    /** Every group as a configuration would describe it. */
    async groups(): Promise<Catalogued<CompleteGroup>> {
      const groups = await store.groups.all();
      const limits = await readAllLimits(store);
      return new Map(
        groups.map(({ name, description, grants, managedBy = '' }) => {
          const limited = limits.get(`group ${name}`);
          const item = { description, grants, limits: showLimits(limited) };
          return [name, { item, managedBy, limitsBy: limited?.managedBy ?? '' }];
        }),
      );
    },

    /** Limits of servers, by path, and the configuration that defines them. */
    async serverLimits(): Promise<Map<string, { limits: ServerLimits; limitsBy: string }>> {
      const limits = await readAllLimits(store);
      const servers = await store.servers.all();
      return new Map(
        servers.map(({ id, path }) => {
          const limited = limits.get(`server ${id}`);
          return [path, { limits: showLimits(limited), limitsBy: limited?.managedBy ?? '' }];
        }),
      );
    },

    /** Stores a batch in a transaction. Returns what to run after the commit. Throws RegistryError `invalid`. */
    async write(tx: Transaction, { agents, groups, limits }: AccessBatch): Promise<() => Promise<void>> {
      const touched = [...groups.put.map(({ name }) => name), ...groups.remove];
      const members: string[] = [];
      for (const name of touched) members.push(...((await tx.groups.byName(name))?.agents ?? []));
      await writeGroups(tx, groups);
      for (const name of groups.remove) {
        await tx.groups.remove(name);
        await tx.limits.remove({ scope: 'group', target: name });
      }
      await writeAgents(tx, agents, defaultLimits());
      const limited = await writeLimits(tx, limits);
      const changed = [...agents.put, ...agents.mark].map(({ name }) => name);
      return async () => {
        try {
          await files.writeAgents([...new Set([...agents.remove, ...changed, ...members])]);
          for (const { scope, target } of limited) if (scope === 'server') await files.writeServer(target);
        } finally {
          for (const name of agents.remove) events.emit('agent.removed', { name });
          for (const name of changed) events.emit('agent.changed', { name });
          for (const { scope, name } of limited) events.emit('limits.changed', { scope, name });
          for (const name of touched) events.emit('group.changed', { name });
        }
      };
    },
  };
}
