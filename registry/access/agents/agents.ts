import { isDeepStrictEqual } from 'node:util';
import type { Actor, AgentInput, AgentLimits, AgentPatch, AgentView, Grant } from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { Events } from '../../lib/events.ts';
import {
  NothingToChange,
  rejectManaged,
  type KeyUse,
  type Store,
  type StoredAgent,
  type Transaction,
} from '../../store/index.ts';
import { checkGroups } from '../groups/groups.ts';
import type { AccessWriter } from '../files/access-writer.ts';
import { requireRevision } from '../../lib/require-revision.ts';
import { putDefaultLimits, removeAgentRows } from './agent-rows.ts';
import { viewKey } from './view-key.ts';

const MAX_GRANTS = 1_000;

export interface AgentsOptions {
  store: Pick<Store, 'agents' | 'groups' | 'keyUses' | 'change'>;
  events: Events;
  files: Pick<AccessWriter, 'writeAgent' | 'isOverdue'>;
}

interface AllAgentsOptions extends AgentsOptions {
  /** Limits of a new agent. */
  defaultLimits: () => AgentLimits;
}

/** An agent as the API shows it: nothing from which a key could be derived. `uses`: of its keys, including revoked ones. */
function viewAgent(
  agent: StoredAgent,
  uses: readonly KeyUse[],
  { isOverdue }: Pick<AccessWriter, 'isOverdue'>,
): AgentView {
  const times = uses.map(({ at }) => at).sort();
  const keys = agent.keys.map((key) => viewKey(key, uses, agent));
  const enforced = !isOverdue({ agent: agent.name });
  return { ...agent, enforced, managedBy: agent.managedBy ?? null, keys, lastUsedAt: times.at(-1) ?? null };
}

/** An agent as the audit stores it. */
function describe({ description, owner, tags, groups, role, enabled, expiresAt, grants, toolList }: StoredAgent) {
  return {
    description,
    owner,
    tags,
    groups,
    role,
    enabled,
    expiresAt,
    grants,
    ...(toolList !== 'auto' && { toolList }),
  };
}

/** The agent of this name; throws `not_found`. */
export async function requireAgent(rows: Pick<Store, 'agents'>, name: string): Promise<StoredAgent> {
  const agent = await rows.agents.byName(name);
  if (agent === undefined) throw new RegistryError('not_found', `there is no agent "${name}"`);
  return agent;
}

/**
 * Machine identities. Every change is stored with its audit row, then written to disk for the gate, then emitted as an event; only then the promise
 * fulfils. A change without any effect is not recorded. All throw `not_found` and, if `ifRevision` is set, `stale`.
 */
export function createAgents({ store, events, files, defaultLimits }: AllAgentsOptions) {
  async function enforce(name: string): Promise<void> {
    try {
      await files.writeAgent(name);
    } finally {
      events.emit('agent.changed', { name });
    }
  }

  const view = async (agent: StoredAgent) => viewAgent(agent, await store.keyUses.list(agent.name), files);

  async function alter(
    actor: Actor,
    action: string,
    name: string,
    ifRevision: number | undefined,
    edit: (agent: StoredAgent, tx: Transaction) => StoredAgent | Promise<StoredAgent>,
  ): Promise<AgentView> {
    const changed = store.change(actor, action, async (tx) => {
      const before = await requireAgent(tx, name);
      requireRevision(`the agent "${name}"`, before.revision, ifRevision);
      const edited = await edit(before, tx);
      if (isDeepStrictEqual(edited, before)) throw new NothingToChange();
      rejectManaged(`the agent "${name}"`, before);
      const after = { ...edited, revision: tx.revision };
      await tx.agents.put(after);
      return { value: after, target: `agent:${name}`, before: describe(before), after: describe(after) };
    });
    try {
      const { value } = await changed;
      await enforce(name);
      return await view(value);
    } catch (error) {
      if (!(error instanceof NothingToChange)) throw error;
      // An earlier change may not have reached the gate yet, and a successful response promises that it has.
      await files.writeAgent(name);
      return view(await requireAgent(store, name));
    }
  }

  return {
    async list(): Promise<AgentView[]> {
      const uses = Map.groupBy(await store.keyUses.list(), ({ agent }) => agent);
      return (await store.agents.all()).map((agent) => viewAgent(agent, uses.get(agent.name) ?? [], files));
    },

    async get(name: string): Promise<AgentView> {
      return view(await requireAgent(store, name));
    },

    /** Throws `conflict` when the name is taken. */
    async create(actor: Actor, input: AgentInput): Promise<AgentView> {
      const { value } = await store.change(actor, 'agent.created', async (tx) => {
        if ((await tx.agents.byName(input.name)) !== undefined)
          throw new RegistryError('conflict', `there is an agent "${input.name}" already`, {
            hint: 'Choose another name, or change that one with PATCH.',
          });
        const groups = await checkGroups(tx, input.groups);
        const agent: StoredAgent = { ...input, groups, createdAt: tx.now, revision: tx.revision, keys: [] };
        await tx.agents.put(agent);
        await putDefaultLimits(tx, agent.name, defaultLimits());
        return { value: agent, target: `agent:${agent.name}`, after: describe(agent) };
      });
      await enforce(value.name);
      return view(value);
    },

    change(actor: Actor, name: string, patch: AgentPatch, ifRevision?: number): Promise<AgentView> {
      return alter(actor, 'agent.changed', name, ifRevision, async (agent, tx) => ({
        ...agent,
        description: patch.description ?? agent.description,
        owner: patch.owner ?? agent.owner,
        tags: patch.tags ?? agent.tags,
        groups: patch.groups === undefined ? agent.groups : await checkGroups(tx, patch.groups),
        enabled: patch.enabled ?? agent.enabled,
        toolList: patch.toolList ?? agent.toolList,
        role: patch.role === undefined ? agent.role : patch.role,
        expiresAt: patch.expiresAt === undefined ? agent.expiresAt : patch.expiresAt,
      }));
    },

    setGrants(actor: Actor, name: string, grants: Grant[], ifRevision?: number): Promise<AgentView> {
      return alter(actor, 'agent.grants_changed', name, ifRevision, (agent) => ({ ...agent, grants }));
    },

    /** Adds a grant to the agent's own grants. */
    addGrant(actor: Actor, name: string, grant: Grant): Promise<AgentView> {
      return alter(actor, 'agent.grants_changed', name, undefined, (agent) => {
        if (agent.grants.length >= MAX_GRANTS)
          throw new RegistryError('conflict', `the agent "${name}" has ${MAX_GRANTS} grants already`, {
            hint: 'Join some of them into one, or move them to a group.',
          });
        return { ...agent, grants: [...agent.grants, grant] };
      });
    },

    /** Removes an agent with all its keys. */
    async remove(actor: Actor, name: string, ifRevision?: number): Promise<void> {
      await store.change(actor, 'agent.removed', async (tx) => {
        const agent = await requireAgent(tx, name);
        requireRevision(`the agent "${name}"`, agent.revision, ifRevision);
        rejectManaged(`the agent "${name}"`, agent);
        await removeAgentRows(tx, name);
        return { value: undefined, target: `agent:${name}`, before: describe(agent) };
      });
      try {
        await files.writeAgent(name);
      } finally {
        events.emit('agent.removed', { name });
      }
    },
  };
}
