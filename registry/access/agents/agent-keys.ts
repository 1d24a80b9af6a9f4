import { randomBytes } from 'node:crypto';
import type { Actor, KeyCreated, KeyInput, KeyView } from '../../contract/index.ts';
import { RegistryError } from '../../errors.ts';
import type { StoredKey } from '../../store/index.ts';
import { requireAgent, viewKey, type AgentsOptions } from './agents.ts';
import { hashKey, createKey } from './key.ts';

/** A new key for `agent` and what is stored of it. */
export function draftKey(agent: string, input: KeyInput, now: string): { key: string; stored: StoredKey } {
  const key = createKey();
  const stored = {
    id: randomBytes(6).toString('hex'),
    agent,
    sha256: hashKey(key),
    label: input.label,
    hint: key.slice(-4),
    createdAt: now,
    expiresAt: input.expiresAt,
  };
  return { key, stored };
}

/** The keys of agents: shown once when created, stored as a hash, refused on the next request once revoked. */
export function createAgentKeys({ store, events, files }: AgentsOptions) {
  async function enforce(agent: string): Promise<void> {
    try {
      await files.writeAgent(agent);
    } finally {
      events.emit('agent.changed', { name: agent });
    }
  }

  return {
    async list(agent: string): Promise<KeyView[]> {
      return (await requireAgent(store, agent)).keys.map(viewKey);
    },

    /** The only answer that ever carries the key. Throws `not_found`. */
    async create(actor: Actor, agent: string, input: KeyInput): Promise<KeyCreated> {
      const { value } = await store.change(actor, 'key.created', async (tx) => {
        const owner = await requireAgent(tx, agent);
        const { key, stored } = draftKey(agent, input, tx.now);
        await tx.agents.put({ ...owner, revision: tx.revision });
        await tx.agents.addKey(stored);
        return { value: { ...viewKey(stored), key }, target: `agent:${agent}`, after: viewKey(stored) };
      });
      await enforce(agent);
      return value;
    },

    /** When the promise fulfils, the gate refuses the key. Throws `not_found`. */
    async revoke(actor: Actor, agent: string, id: string): Promise<void> {
      await store.change(actor, 'key.revoked', async (tx) => {
        const owner = await requireAgent(tx, agent);
        const stored = owner.keys.find((key) => key.id === id);
        if (stored === undefined) throw new RegistryError('not_found', `the agent "${agent}" has no key "${id}"`);
        await tx.agents.removeKey(agent, id);
        await tx.agents.put({ ...owner, revision: tx.revision });
        return { value: undefined, target: `agent:${agent}`, before: viewKey(stored) };
      });
      await enforce(agent);
    },
  };
}
