import { isDeepStrictEqual } from 'node:util';
import type { Actor, Grant, GroupInput, GroupPatch, GroupView } from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { Events } from '../../lib/events.ts';
import { requireRevision } from '../../lib/require-revision.ts';
import { NothingToChange, rejectManaged, type Rows, type Store, type StoredGroup } from '../../store/index.ts';
import type { AccessWriter } from '../files/access-writer.ts';

interface GroupsOptions {
  store: Pick<Store, 'groups' | 'change'>;
  events: Events;
  files: Pick<AccessWriter, 'writeAgents'>;
}

/** A group as the audit stores it. */
function describe({ description, grants }: StoredGroup) {
  return { description, grants };
}

const viewGroup = (group: StoredGroup): GroupView => ({ ...group, managedBy: group.managedBy ?? null });

/** The group of this name; throws `not_found`. */
export async function requireGroup(rows: Pick<Rows, 'groups'>, name: string): Promise<StoredGroup> {
  const group = await rows.groups.byName(name);
  if (group === undefined) throw new RegistryError('not_found', `there is no group "${name}"`);
  return group;
}

/** Returns the names sorted and without duplicates. Throws `invalid`, naming the field, for the first one that is not a group. */
export async function checkGroups(rows: Pick<Rows, 'groups'>, names: readonly string[]): Promise<string[]> {
  for (const [position, name] of names.entries()) {
    if ((await rows.groups.byName(name)) !== undefined) continue;
    const message = `there is no group "${name}"; create it first, with POST /api/groups`;
    const field = `groups.${position}`;
    throw new RegistryError('invalid', `${field}: ${message}`, { errors: [{ field, message }] });
  }
  return [...new Set(names)].sort();
}

/**
 * Groups: grants that several agents share, in addition to their own. Every change is stored with its audit row and enforced at the gate for each
 * of its agents before the promise fulfils. All throw `not_found` and, if `ifRevision` is set, `stale`.
 */
export function createGroups({ store, events, files }: GroupsOptions) {
  async function enforce(name: string, agents: readonly string[]): Promise<void> {
    try {
      await files.writeAgents(agents);
    } finally {
      events.emit('group.changed', { name });
    }
  }

  async function alter(
    actor: Actor,
    action: string,
    name: string,
    ifRevision: number | undefined,
    edit: (group: StoredGroup) => StoredGroup,
  ): Promise<GroupView> {
    const changed = store.change(actor, action, async (tx) => {
      const before = await requireGroup(tx, name);
      requireRevision(`the group "${name}"`, before.revision, ifRevision);
      const edited = edit(before);
      if (isDeepStrictEqual(edited, before)) throw new NothingToChange();
      rejectManaged(`the group "${name}"`, before);
      const after = { ...edited, revision: tx.revision };
      await tx.groups.put(after);
      return { value: after, target: `group:${name}`, before: describe(before), after: describe(after) };
    });
    try {
      const { value } = await changed;
      await enforce(name, value.agents);
      return viewGroup(value);
    } catch (error) {
      if (!(error instanceof NothingToChange)) throw error;
      // An earlier change may not have reached the gate yet, and a successful response promises that it has.
      const group = await requireGroup(store, name);
      await files.writeAgents(group.agents);
      return viewGroup(group);
    }
  }

  return {
    list: async (): Promise<GroupView[]> => (await store.groups.all()).map(viewGroup),

    get: async (name: string): Promise<GroupView> => viewGroup(await requireGroup(store, name)),

    /** Throws `conflict` when the name is taken. */
    async create(actor: Actor, input: GroupInput): Promise<GroupView> {
      const { value } = await store.change(actor, 'group.created', async (tx) => {
        if ((await tx.groups.byName(input.name)) !== undefined)
          throw new RegistryError('conflict', `there is a group "${input.name}" already`, {
            hint: 'Choose another name, or change that one with PATCH.',
          });
        const group: StoredGroup = { ...input, agents: [], createdAt: tx.now, revision: tx.revision };
        await tx.groups.put(group);
        return { value: group, target: `group:${group.name}`, after: describe(group) };
      });
      await enforce(value.name, []);
      return viewGroup(value);
    },

    change(actor: Actor, name: string, patch: GroupPatch, ifRevision?: number): Promise<GroupView> {
      return alter(actor, 'group.changed', name, ifRevision, (group) => ({
        ...group,
        description: patch.description ?? group.description,
      }));
    },

    setGrants(actor: Actor, name: string, grants: Grant[], ifRevision?: number): Promise<GroupView> {
      return alter(actor, 'group.grants_changed', name, ifRevision, (group) => ({ ...group, grants }));
    },

    /** Removes a group: its agents lose what it granted, and what it denied. */
    async remove(actor: Actor, name: string, ifRevision?: number): Promise<void> {
      const { value: agents } = await store.change(actor, 'group.removed', async (tx) => {
        const group = await requireGroup(tx, name);
        requireRevision(`the group "${name}"`, group.revision, ifRevision);
        rejectManaged(`the group "${name}"`, group);
        await tx.groups.remove(name);
        // A later group of that name must not inherit them.
        await tx.limits.remove({ scope: 'group', target: name });
        const before = { ...describe(group), agents: group.agents };
        return { value: group.agents, target: `group:${name}`, before };
      });
      await enforce(name, agents);
    },
  };
}
