import { isDeepStrictEqual } from 'node:util';
import type { Actor, AgentLimits, GroupLimits, LimitsView, LimitUses, ServerLimits } from '../../contract/index.ts';
import type { Events } from '../../lib/events.ts';
import { requireRevision } from '../../lib/require-revision.ts';
import {
  NothingToChange,
  rejectManaged,
  requireServer,
  type LimitTarget,
  type Rows,
  type Store,
  type StoredLimits,
} from '../../store/index.ts';
import { requireAgent } from '../agents/agents.ts';
import { requireGroup } from '../groups/groups.ts';
import type { AccessWriter } from '../files/access-writer.ts';
import { listCounted, listGroupRules, listServerRules, readUse, type ReadCounters, type Counted } from './read-use.ts';

interface LimitsOptions {
  store: Pick<Store, 'agents' | 'groups' | 'limits' | 'servers' | 'change'>;
  events: Events;
  files: Pick<AccessWriter, 'writeAgent' | 'writeAgents' | 'writeServer'>;
  readCounters: ReadCounters;
}

/** The owner of limits as the API names it: an agent or group by name, a server by path. */
interface LimitsOf {
  scope: 'agent' | 'group' | 'server';
  name: string;
}

/** Resolves the owner to the name that the database uses. Throws `not_found`. */
async function resolveLimits(
  rows: Pick<Rows, 'agents' | 'groups' | 'servers'>,
  { scope, name }: LimitsOf,
): Promise<LimitTarget> {
  if (scope === 'agent') return { scope, target: (await requireAgent(rows, name)).name };
  if (scope === 'group') return { scope, target: (await requireGroup(rows, name)).name };
  return { scope, target: (await requireServer(rows, name)).id };
}

function view(stored: StoredLimits | undefined): LimitsView {
  const { zone, rules, revision, managedBy = null } = stored ?? { zone: 'UTC', rules: [], revision: 0 };
  return { zone, rules, revision, managedBy };
}

/** Limits of agents, groups and servers. When a change returns, the gate enforces it from the next request on; usage is not reset. */
export function createLimits({ store, events, files, readCounters }: LimitsOptions) {
  async function enforce({ scope, target }: LimitTarget, { name }: LimitsOf): Promise<void> {
    try {
      if (scope === 'server') await files.writeServer(target);
      else if (scope === 'group') await files.writeAgents((await store.groups.byName(target))?.agents ?? []);
      else await files.writeAgent(target);
    } finally {
      events.emit('limits.changed', { scope, name });
    }
  }

  async function listRules({ scope, name }: LimitsOf): Promise<Counted[]> {
    const stored = await store.limits.of(await resolveLimits(store, { scope, name }));
    const own = stored === undefined ? [] : listCounted(stored, name, undefined);
    if (scope !== 'agent') return own;
    const agent = { name, zone: stored?.zone ?? 'UTC' };
    return [...own, ...(await listGroupRules(store, agent)), ...(await listServerRules(store, agent))];
  }

  return {
    /** How much of the limits is used. Throws `not_found` and `unavailable`. */
    async use(of: LimitsOf): Promise<LimitUses> {
      const items = await readUse(await listRules(of), readCounters);
      return { at: new Date().toISOString(), items };
    },

    /** Throws `not_found`. */
    async get(of: LimitsOf): Promise<LimitsView> {
      return view(await store.limits.of(await resolveLimits(store, of)));
    },

    /** Replaces all limits of an agent, group or server. Throws `not_found`, `conflict` when a configuration defines them and, if `ifRevision` is set, `stale`. */
    async set(
      actor: Actor,
      of: LimitsOf,
      input: AgentLimits | GroupLimits | ServerLimits,
      ifRevision?: number,
    ): Promise<LimitsView> {
      const target = await resolveLimits(store, of);
      const changed = store.change(actor, `${of.scope}.limits_changed`, async (tx) => {
        const before = await tx.limits.of(await resolveLimits(tx, of));
        requireRevision(`the limits of "${of.name}"`, before?.revision ?? 0, ifRevision);
        const { zone, rules } = input;
        const previous = { zone: before?.zone ?? 'UTC', rules: before?.rules ?? [] };
        if (isDeepStrictEqual({ zone, rules }, previous)) throw new NothingToChange();
        rejectManaged(`the limits of the ${of.scope} "${of.name}"`, before ?? {});
        await tx.limits.put({ ...target, zone, rules, revision: tx.revision });
        return {
          value: undefined,
          target: of.scope === 'server' ? of.name : `${of.scope}:${of.name}`,
          before: previous,
          after: { zone, rules },
        };
      });
      try {
        await changed;
        await enforce(target, of);
      } catch (error) {
        if (!(error instanceof NothingToChange)) throw error;
        // An earlier change may not have reached the gate yet.
        await enforce(target, of);
      }
      return view(await store.limits.of(target));
    },
  };
}
