import type { Actor, Role, UserInput, UserPatch, UserView } from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';
import type { Events } from '../../lib/events.ts';
import type { Store, StoredUser, Transaction } from '../../store/index.ts';
import type { Passwords } from './password.ts';
import { requireRevision } from '../../lib/require-revision.ts';

export interface UsersOptions {
  store: Pick<Store, 'users' | 'sessions' | 'change'>;
  events: Events;
  passwords: Passwords;
}

function viewUser({ passwordHash: _, ...rest }: StoredUser): UserView {
  return rest;
}

async function requireUser(rows: Pick<Store, 'users'>, username: string): Promise<StoredUser> {
  const user = await rows.users.byName(username);
  if (user === undefined) throw new RegistryError('not_found', `there is no user "${username}"`);
  return user;
}

/** Throws `conflict` when nobody could administer the registry any more. */
async function requireRemainingAdmin(
  tx: Transaction,
  before: StoredUser,
  after: { role: Role; enabled: boolean } | null,
): Promise<void> {
  const wasAdmin = before.enabled && before.role === 'admin';
  const isAdmin = after !== null && after.enabled && after.role === 'admin';
  if (!wasAdmin || isAdmin || (await tx.users.countAdmins()) > 1) return;
  throw new RegistryError('conflict', `"${before.username}" is the last enabled admin`, {
    hint: 'Make another user an admin first.',
  });
}

/** People: who they are and what they may do. A change of their rights takes effect on their next request. All throw `not_found` and `stale`. */
export function createUsers({ store, events, passwords }: UsersOptions) {
  async function alter(
    actor: Actor,
    action: string,
    username: string,
    edit: (user: StoredUser, tx: Transaction) => Promise<{ user: StoredUser; before: unknown; after: unknown }>,
  ): Promise<UserView> {
    const { value } = await store.change(actor, action, async (tx) => {
      const { user, before, after } = await edit(await requireUser(tx, username), tx);
      const written = { ...user, revision: tx.revision };
      await tx.users.put(written);
      return { value: written, target: `user:${username}`, before, after };
    });
    events.emit('user.changed', { username });
    return viewUser(value);
  }

  return {
    async list(): Promise<UserView[]> {
      return (await store.users.all()).map(viewUser);
    },

    async get(username: string): Promise<UserView> {
      return viewUser(await requireUser(store, username));
    },

    /** Throws `conflict` when the name is taken. */
    async create(actor: Actor, input: UserInput): Promise<UserView> {
      const passwordHash = await passwords.hash(input.password);
      const { value } = await store.change(actor, 'user.created', async (tx) => {
        const { username, role } = input;
        if ((await tx.users.byName(username)) !== undefined)
          throw new RegistryError('conflict', `there is a user "${username}" already`);
        const user = {
          username,
          role,
          passwordHash,
          enabled: true,
          createdAt: tx.now,
          lastLoginAt: null,
          revision: tx.revision,
        };
        await tx.users.put(user);
        return { value: user, target: `user:${username}`, after: { role, enabled: true } };
      });
      events.emit('user.changed', { username: value.username });
      return viewUser(value);
    },

    /** Changes role and `enabled`. A disabled person is logged out everywhere. Throws `conflict` for the last enabled admin. */
    change(actor: Actor, username: string, patch: UserPatch, ifRevision?: number): Promise<UserView> {
      return alter(actor, 'user.changed', username, async (before, tx) => {
        requireRevision(`the user "${username}"`, before.revision, ifRevision);
        const rights = { role: patch.role ?? before.role, enabled: patch.enabled ?? before.enabled };
        await requireRemainingAdmin(tx, before, rights);
        if (!rights.enabled) await tx.sessions.removeOf(username);
        return {
          user: { ...before, ...rights },
          before: { role: before.role, enabled: before.enabled },
          after: rights,
        };
      });
    },

    /**
     * Sets a new password and ends every session of the person except `keepSidHash`. If `currentPassword` is set, it must be right; otherwise
     * throws `invalid`, naming the field.
     */
    async changePassword(
      actor: Actor,
      username: string,
      change: { currentPassword?: string | undefined; newPassword: string; keepSidHash?: string | undefined },
    ): Promise<void> {
      const user = await requireUser(store, username);
      if (change.currentPassword !== undefined && !(await passwords.verify(change.currentPassword, user.passwordHash)))
        throw new RegistryError('invalid', 'the current password is wrong', {
          errors: [{ field: 'currentPassword', message: 'this is not the current password' }],
        });
      const passwordHash = await passwords.hash(change.newPassword);
      await alter(actor, 'user.password_changed', username, async (before, tx) => {
        await tx.sessions.removeOf(username, change.keepSidHash);
        return { user: { ...before, passwordHash }, before: { password: '(secret)' }, after: { password: '(secret)' } };
      });
    },

    /** Ends every session of a person. Returns how many there were. */
    async endSessions(actor: Actor, username: string): Promise<number> {
      const { value } = await store.change(actor, 'user.logged_out', async (tx) => {
        await requireUser(tx, username);
        const ended = await tx.sessions.removeOf(username);
        return { value: ended, target: `user:${username}`, after: { endedSessions: ended } };
      });
      events.emit('session.ended', { username });
      return value;
    },

    /** Removes a person and ends their sessions. Throws `conflict` for the last enabled admin. */
    async remove(actor: Actor, username: string, ifRevision?: number): Promise<void> {
      await store.change(actor, 'user.removed', async (tx) => {
        const user = await requireUser(tx, username);
        requireRevision(`the user "${username}"`, user.revision, ifRevision);
        await requireRemainingAdmin(tx, user, null);
        await tx.sessions.removeOf(username);
        await tx.users.remove(username);
        return { value: undefined, target: `user:${username}`, before: { role: user.role, enabled: user.enabled } };
      });
      events.emit('user.changed', { username });
    },

    /** The person, when the password is right and they are enabled; takes as long when there is no such person. */
    async verifyLogin(username: string, password: string): Promise<UserView | null> {
      const user = await store.users.byName(username);
      const isRight = await passwords.verify(password, user?.passwordHash);
      if (!isRight || user?.enabled !== true) return null;
      await store.users.putLastLogin(username, new Date().toISOString());
      return viewUser(user);
    },

    /** The person as they are now, for each request of a session; null when removed or disabled. */
    async current(username: string): Promise<UserView | null> {
      const user = await store.users.byName(username);
      return user?.enabled === true ? viewUser(user) : null;
    },
  };
}
