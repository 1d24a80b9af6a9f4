import type { SystemUser } from './system-user.ts';

/**
 * Runs `work` with the rights of the system user (seteuid(2)) and returns its result; afterwards the rights of root are restored. Files that `work`
 * writes belong to the user, and a link in its folders gives access only to what the user may access anyway.
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
