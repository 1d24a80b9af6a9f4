import { randomBytes } from 'node:crypto';
import type { Actor, KillInput, KillView } from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { Events } from '../../lib/events.ts';
import { requireServer, type Rows, type Store, type StoredKill } from '../../store/index.ts';
import { requireAgent } from '../agents/agents.ts';
import type { AccessWriter } from '../files/access-writer.ts';

interface KillsOptions {
  store: Pick<Store, 'agents' | 'kills' | 'servers' | 'change'>;
  events: Events;
  files: Pick<AccessWriter, 'writeAgent' | 'writeServer' | 'writeGate' | 'isOverdue'>;
}

/** Resolves the target to the name that the database uses. Throws `not_found`. */
async function resolveTarget(rows: Pick<Rows, 'agents' | 'servers'>, input: KillInput): Promise<string> {
  const { scope, target = '' } = input;
  if (scope === 'all') return '';
  if (scope === 'agent') return (await requireAgent(rows, target)).name;
  return (await requireServer(rows, target.replace(/^\/+|\/+$/g, ''))).id;
}

async function nameTarget(rows: Pick<Rows, 'servers'>, { scope, target }: StoredKill): Promise<string | null> {
  if (scope === 'all') return null;
  return scope === 'agent' ? target : ((await rows.servers.byId(target))?.path ?? target);
}

/** Kill switches of an agent, a server or everything. The next request is refused, and open streams end within a second. */
export function createKills({ store, events, files }: KillsOptions) {
  async function enforce({ scope, target }: StoredKill): Promise<void> {
    try {
      if (scope === 'all') await files.writeGate();
      else if (scope === 'agent') await files.writeAgent(target);
      else await files.writeServer(target);
    } finally {
      events.emit('kills.changed', {});
    }
  }

  async function view(kill: StoredKill): Promise<KillView> {
    const { scope, target } = kill;
    const enforced = !files.isOverdue(scope === 'all' ? { gate: true } : { [scope]: target });
    return { ...kill, target: await nameTarget(store, kill), enforced };
  }

  async function set(actor: Actor, input: KillInput): Promise<KillView> {
    const { value: stored } = await store.change(actor, 'kill.set', async (tx) => {
      const { scope, reason } = input;
      const target = await resolveTarget(tx, input);
      const before = await tx.kills.byTarget(scope, target);
      const id = before?.id ?? randomBytes(6).toString('hex');
      const kill: StoredKill = { id, scope, target, reason, at: tx.now, by: actor.name };
      await tx.kills.put(kill);
      const shown = { scope, target: input.target ?? null, reason };
      return { value: kill, target: `kill:${id}`, before: before && { reason: before.reason }, after: shown };
    });
    await enforce(stored);
    return view(stored);
  }

  async function remove(actor: Actor, id: string): Promise<void> {
    const { value: stored } = await store.change(actor, 'kill.lifted', async (tx) => {
      const kill = (await tx.kills.all()).find((one) => one.id === id);
      if (kill === undefined)
        throw new RegistryError('not_found', `there is no kill switch "${id}"`, {
          hint: 'GET /api/kill lists those that are on.',
        });
      await tx.kills.remove(kill.scope, kill.target);
      const target = await nameTarget(tx, kill);
      const what = target === null ? kill.scope : `${kill.scope}:${target}`;
      return { value: kill, target: `kill:${id}`, before: { what, reason: kill.reason } };
    });
    await enforce(stored);
  }

  /** Changes whose row is stored but whose file may not be written yet. */
  const underWay = new Set<Promise<unknown>>();
  async function track<Result>(change: Promise<Result>): Promise<Result> {
    underWay.add(change);
    try {
      return await change;
    } finally {
      underWay.delete(change);
    }
  }

  return {
    /** The active ones as the gate enforces them: waits for changes that are being written. */
    async list(): Promise<KillView[]> {
      await Promise.allSettled(underWay);
      return Promise.all((await store.kills.all()).map(view));
    },

    /** Stops what `input` names; when the promise fulfils, the gate refuses it. Throws `not_found`. */
    kill: (actor: Actor, input: KillInput): Promise<KillView> => track(set(actor, input)),

    /** Lifts a kill switch; when the promise fulfils, the gate no longer refuses. Throws `not_found`. */
    lift: (actor: Actor, id: string): Promise<void> => track(remove(actor, id)),
  };
}
