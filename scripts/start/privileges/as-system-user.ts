import type { SystemUser } from './system-user.ts';

/**
 * Does `work` with the rights of the system user (seteuid(2)) and returns its result; afterwards root is root again. What `work` writes belongs to
 * the user, and a link that the user left in its folders leads no further than it may go itself.
 */
export async function asSystemUser<Result>({ uid, gid }: SystemUser, work: () => Promise<Result>): Promise<Result> {
  const groups = process.getgroups?.() ?? [];
  process.setgroups?.([gid]);
  process.setegid?.(gid);
  process.seteuid?.(uid);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
    process.setgroups?.(groups);
  }
}
