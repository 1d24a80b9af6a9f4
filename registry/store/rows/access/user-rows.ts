import type { Kysely, Selectable } from 'kysely';
import type { Role } from '../../../contract/index.ts';
import type { Tables, UserRow } from '../../tables.ts';

export interface StoredUser {
  username: string;
  /** bcrypt. */
  passwordHash: string;
  role: Role;
  enabled: boolean;
  createdAt: string;
  lastLoginAt: string | null;
  revision: number;
}

function readUser(row: Selectable<UserRow>): StoredUser {
  return {
    username: row.username,
    passwordHash: row.password_hash,
    role: row.role as Role,
    enabled: row.enabled === 1,
    createdAt: row.created_at,
    lastLoginAt: row.last_login_at,
    revision: row.revision,
  };
}

/** Users, sorted by name. */
export function createUserRows(db: Kysely<Tables>) {
  return {
    async all(): Promise<StoredUser[]> {
      return (await db.selectFrom('users').selectAll().orderBy('username').execute()).map(readUser);
    },

    async byName(username: string): Promise<StoredUser | undefined> {
      const row = await db.selectFrom('users').selectAll().where('username', '=', username).executeTakeFirst();
      return row && readUser(row);
    },

    /** Number of enabled admins: the last one must not be lost. */
    async countAdmins(): Promise<number> {
      const row = await db
        .selectFrom('users')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('role', '=', 'admin')
        .where('enabled', '=', 1)
        .executeTakeFirstOrThrow();
      return row.count;
    },

    /** Writes a user, new or changed. */
    async put(user: StoredUser): Promise<void> {
      const values = {
        password_hash: user.passwordHash,
        role: user.role,
        enabled: user.enabled ? 1 : 0,
        created_at: user.createdAt,
        last_login_at: user.lastLoginAt,
        revision: user.revision,
      };
      await db
        .insertInto('users')
        .values({ username: user.username, ...values })
        .onConflict((conflict) => conflict.column('username').doUpdateSet(values))
        .execute();
    },

    async putLastLogin(username: string, at: string): Promise<void> {
      await db.updateTable('users').set({ last_login_at: at }).where('username', '=', username).execute();
    },

    async remove(username: string): Promise<void> {
      await db.deleteFrom('users').where('username', '=', username).execute();
    },
  };
}
