import { isDeepStrictEqual } from 'node:util';
import type { Actor, AgentInput, AgentPatch, AgentView, Grant } from '../../contract/index.ts';
import { RegistryError } from '../../errors.ts';
import type { Events } from '../../events.ts';
import { NothingToChange, type Store, type StoredAgent, type StoredKey } from '../../store/index.ts';
import type { AccessWriter } from '../files/access-writer.ts';
import { requireRevision } from '../../lib/require-revision.ts';

export interface AgentsOptions {
  store: Pick<Store, 'agents' | 'change'>;
  events: Events;
  files: Pick<AccessWriter, 'writeAgent'>;
}

/** An agent as the API shows it: nothing from which a key could be made. */
export function viewAgent(agent: StoredAgent): AgentView {
  return { ...agent, keys: agent.keys.map(viewKey) };
}

export function viewKey({ id, label, hint, createdAt, expiresAt }: StoredKey) {
  return { id, label, hint, createdAt, expiresAt };
}

/** An agent as the audit stores it. */
function describe({ description, role, enabled, expiresAt, grants }: StoredAgent) {
  return { description, role, enabled, expiresAt, grants };
}

/** The agent of this name; throws `not_found`. */
export async function requireAgent(rows: Pick<Store, 'agents'>, name: string): Promise<StoredAgent> {
  const agent = await rows.agents.byName(name);
  if (agent === undefined) throw new RegistryError('not_found', `there is no agent "${name}"`);
  return agent;
}

/**
 * Machine identities. Every change is stored with its audit row, then on disk for the gate, then emitted as an event, and only then the promise
 * fulfils. A change that would leave the agent as it is leaves no trace. All throw `not_found` and, where `ifRevision` is given, `stale`.
 */
export function createAgents({ store, events, files }: AgentsOptions) {
  async function enforce(name: string): Promise<void> {
    try {
      await files.writeAgent(name);
    } finally {
      events.emit('agent.changed', { name });
    }
  }

  async function alter(
    actor: Actor,
    action: string,
    name: string,
    ifRevision: number | undefined,
    edit: (agent: StoredAgent) => StoredAgent,
  ): Promise<AgentView> {
    const changed = store.change(actor, action, async (tx) => {
      const before = await requireAgent(tx, name);
      requireRevision(`the agent "${name}"`, before.revision, ifRevision);
      const edited = edit(before);
      if (isDeepStrictEqual(edited, before)) throw new NothingToChange();
      const after = { ...edited, revision: tx.revision };
      await tx.agents.put(after);
      return { value: after, target: `agent:${name}`, before: describe(before), after: describe(after) };
    });
    try {
      const { value } = await changed;
      await enforce(name);
      return viewAgent(value);
    } catch (error) {
      if (!(error instanceof NothingToChange)) throw error;
      // What was stored before may not have reached the gate yet, and an answer promises that it has.
      await files.writeAgent(name);
      return viewAgent(await requireAgent(store, name));
    }
  }

  return {
    async list(): Promise<AgentView[]> {
      return (await store.agents.all()).map(viewAgent);
    },

    async get(name: string): Promise<AgentView> {
      return viewAgent(await requireAgent(store, name));
    },

    /** Throws `conflict` when the name is taken. */
    async create(actor: Actor, input: AgentInput): Promise<AgentView> {
      const { value } = await store.change(actor, 'agent.created', async (tx) => {
        if ((await tx.agents.byName(input.name)) !== undefined)
          throw new RegistryError('conflict', `there is an agent "${input.name}" already`, {
            hint: 'Choose another name, or change that one with PATCH.',
          });
        const agent: StoredAgent = { ...input, createdAt: tx.now, revision: tx.revision, keys: [] };
        await tx.agents.put(agent);
        return { value: agent, target: `agent:${agent.name}`, after: describe(agent) };
      });
      await enforce(value.name);
      return viewAgent(value);
    },

    change(actor: Actor, name: string, patch: AgentPatch, ifRevision?: number): Promise<AgentView> {
      return alter(actor, 'agent.changed', name, ifRevision, (agent) => ({
        ...agent,
        description: patch.description ?? agent.description,
        enabled: patch.enabled ?? agent.enabled,
        role: patch.role === undefined ? agent.role : patch.role,
        expiresAt: patch.expiresAt === undefined ? agent.expiresAt : patch.expiresAt,
      }));
    },

    setGrants(actor: Actor, name: string, grants: Grant[], ifRevision?: number): Promise<AgentView> {
      return alter(actor, 'agent.grants_changed', name, ifRevision, (agent) => ({ ...agent, grants }));
    },

    /** Removes an agent with all its keys. */
    async remove(actor: Actor, name: string, ifRevision?: number): Promise<void> {
      await store.change(actor, 'agent.removed', async (tx) => {
        const agent = await requireAgent(tx, name);
        requireRevision(`the agent "${name}"`, agent.revision, ifRevision);
        await tx.agents.remove(name);
        // Another agent that gets the name later is not the one that was stopped.
        await tx.kills.remove('agent', name);
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
