import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder on its own file system, which is small enough to be filled. */
export interface SmallDisk {
  /** Writes until nothing more can be written. */
  fill: () => void;
  /** Frees the space again. */
  free: () => void;
  /** Unmounts the file system. */
  close: () => void;
}

const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: 'ignore' });

/** Whether this process may mount a disk (root with CAP_SYS_ADMIN). */
export const canMount: boolean = (() => {
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-can-mount-'));
  try {
    run('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder);
    run('umount', folder);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
})();

/** Makes an existing folder read-only, as the kernel does with a faulty disk, until `close`, which may be called twice. */
export function makeReadOnly(folder: string): { close: () => void } {
  run('mount', '--bind', folder, folder);
  let isMounted = true;
  const close = () => {
    if (isMounted) run('umount', '-l', folder);
    isMounted = false;
  };
  try {
    run('mount', '-o', 'remount,ro,bind', folder);
  } catch (error) {
    close();
    throw error;
  }
  return { close };
}

/** Mounts a tmpfs of `kilobytes` over an existing folder, with its owner, mode and content. Close it in a `finally`. */
export function createSmallDisk(folder: string, kilobytes: number): SmallDisk {
  const { uid, gid, mode } = statSync(folder);
  const aside = mkdtempSync(join(tmpdir(), 'mcpgw-disk-'));
  const before = join(aside, 'before');
  run('cp', '-a', folder, before);
  run('mount', '-t', 'tmpfs', '-o', `size=${kilobytes}k,nr_inodes=4k`, 'tmpfs', folder);
  chownSync(folder, uid, gid);
  chmodSync(folder, mode & 0o777);
  run('cp', '-a', `${before}/.`, folder);
  const filler = join(folder, 'filler');
  return {
    fill() {
      mkdirSync(filler, { mode: 0o700 });
      for (const size of [65_536, 4_096, 1])
        for (let number = 0; ; number += 1)
          try {
            writeFileSync(join(filler, `${size}-${number}`), Buffer.alloc(size));
          } catch {
            break;
          }
    },
    free: () => rmSync(filler, { recursive: true, force: true }),
    close() {
      rmSync(filler, { recursive: true, force: true });
      run('umount', '-l', folder);
      rmSync(aside, { recursive: true, force: true });
    },
  };
}
