import { randomBytes } from 'node:crypto';
import type { Actor, KeyCreated, KeyInput, KeyPatch, KeyRotation, KeyView } from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import { rejectManaged, type StoredAgent, type StoredKey, type Transaction } from '../../store/index.ts';
import { isConfiguredKey } from '../batch/configured-keys.ts';
import { requireAgent, type AgentsOptions } from './agents.ts';
import { hashKey, createKey } from './key.ts';
import { viewKey } from './view-key.ts';

const HOUR_MS = 3_600_000;

/** Creates a key for `agent`, and the row that is stored for it. */
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
    servers: input.servers,
  };
  return { key, stored };
}

/** The expiry of a key that replaces `old`: both have the same lifetime. */
function extendExpiry(old: StoredKey, now: string): string | null {
  if (old.expiresAt === null) return null;
  const lifetimeMs = Date.parse(old.expiresAt) - Date.parse(old.createdAt);
  return new Date(Date.parse(now) + Math.max(lifetimeMs, 0)).toISOString();
}

function earlier(first: string | null, second: string): string {
  return first !== null && Date.parse(first) < Date.parse(second) ? first : second;
}

function requireKey(agent: StoredAgent, id: string): StoredKey {
  const stored = agent.keys.find((key) => key.id === id);
  if (stored === undefined) throw new RegistryError('not_found', `the agent "${agent.name}" has no key "${id}"`);
  return stored;
}

/** Throws `conflict` for a key that comes from a configuration. */
function rejectConfigured(owner: StoredAgent, key: StoredKey): void {
  if (isConfiguredKey(key)) rejectManaged(`this key of "${owner.name}"`, owner);
}

/** The keys of agents: shown once when created, stored as a hash, refused on the next request once revoked. All throw `not_found`. */
export function createAgentKeys({ store, events, files }: AgentsOptions) {
  async function enforce(agent: string): Promise<void> {
    try {
      await files.writeAgent(agent);
    } finally {
      events.emit('agent.changed', { name: agent });
    }
  }

  /** Updates the revision of an agent whose keys are about to change, and returns the agent. */
  async function touchAgent(tx: Transaction, name: string): Promise<StoredAgent> {
    const owner = await requireAgent(tx, name);
    await tx.agents.put({ ...owner, revision: tx.revision });
    return owner;
  }

  return {
    async list(agent: string): Promise<KeyView[]> {
      const uses = await store.keyUses.list(agent);
      const owner = await requireAgent(store, agent);
      return owner.keys.map((key) => viewKey(key, uses, owner));
    },

    /** Only its result and that of `rotate` ever contain a key. */
    async create(actor: Actor, agent: string, input: KeyInput): Promise<KeyCreated> {
      const { value } = await store.change(actor, 'key.created', async (tx) => {
        await touchAgent(tx, agent);
        const { key, stored } = draftKey(agent, input, tx.now);
        await tx.agents.addKey(stored);
        return { value: { ...viewKey(stored), key }, target: `agent:${agent}`, after: viewKey(stored) };
      });
      await enforce(agent);
      return value;
    },

    /** Changes label, expiry and servers. When the promise fulfils, the gate enforces them. */
    async change(actor: Actor, agent: string, id: string, patch: KeyPatch): Promise<KeyView> {
      const { value } = await store.change(actor, 'key.changed', async (tx) => {
        const owner = await touchAgent(tx, agent);
        const before = requireKey(owner, id);
        rejectConfigured(owner, before);
        const after: StoredKey = {
          ...before,
          label: patch.label ?? before.label,
          expiresAt: patch.expiresAt === undefined ? before.expiresAt : patch.expiresAt,
          servers: patch.servers === undefined ? before.servers : patch.servers,
        };
        await tx.agents.changeKey(after);
        return { value: after, target: `agent:${agent}`, before: viewKey(before), after: viewKey(after) };
      });
      await enforce(agent);
      return viewKey(value, await store.keyUses.list(agent));
    },

    /** Creates a replacement for a key; the old one works for at most `overlapHours` more. */
    async rotate(actor: Actor, agent: string, id: string, rotation: KeyRotation): Promise<KeyCreated> {
      const { value } = await store.change(actor, 'key.rotated', async (tx) => {
        const owner = await touchAgent(tx, agent);
        const old = requireKey(owner, id);
        rejectConfigured(owner, old);
        const { label = old.label, expiresAt = extendExpiry(old, tx.now), overlapHours } = rotation;
        const { key, stored } = draftKey(agent, { label, expiresAt, servers: old.servers }, tx.now);
        const end = new Date(Date.parse(tx.now) + overlapHours * HOUR_MS).toISOString();
        const ending = { ...old, expiresAt: earlier(old.expiresAt, end) };
        await tx.agents.addKey(stored);
        await tx.agents.changeKey(ending);
        const after = { key: viewKey(stored), replaces: viewKey(ending) };
        return { value: { ...viewKey(stored), key }, target: `agent:${agent}`, before: viewKey(old), after };
      });
      await enforce(agent);
      return value;
    },

    /** When the promise fulfils, the gate refuses the key. */
    async revoke(actor: Actor, agent: string, id: string): Promise<void> {
      await store.change(actor, 'key.revoked', async (tx) => {
        const owner = await touchAgent(tx, agent);
        const stored = requireKey(owner, id);
        rejectConfigured(owner, stored);
        await tx.agents.removeKey(agent, id);
        return { value: undefined, target: `agent:${agent}`, before: viewKey(stored) };
      });
      await enforce(agent);
    },
  };
}
