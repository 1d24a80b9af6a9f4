import type { Mount } from './plan-mounts.ts';

/** What is there at the path of a mount: a link has been followed, and what is not there is not mounted. */
export interface PlacedMount extends Mount {
  isFolder: boolean;
}

export interface BubblewrapOptions {
  network: boolean;
  readOnly: boolean;
  mounts: readonly PlacedMount[];
  /** Of each file system in memory: /tmp and /dev/shm. */
  scratchBytes: number;
  cwd: string;
  statusFd: number;
  /** Null: the kernel of this machine has no known filter. */
  filterFd: number | null;
}

/** A folder that is hidden holds the mount points in it, and nothing else. */
const HIDDEN_BYTES = 65_536;

function writeMount({ path, view, isFolder }: PlacedMount, scratchBytes: number): string[] {
  if (view === 'readable') return ['--ro-bind', path, path];
  if (view === 'writable') return ['--bind', path, path];
  if (!isFolder) return ['--ro-bind', '/dev/null', path];
  return ['--size', String(view === 'scratch' ? scratchBytes : HIDDEN_BYTES), '--tmpfs', path];
}

/**
 * The arguments of bwrap(1) before the program: namespaces of its own, no capability, and a file system put together from that of the machine.
 * It is in a session of its own, so that its process group can be told from that of bwrap.
 */
export function writeBubblewrapArguments(options: BubblewrapOptions): string[] {
  const { mounts, scratchBytes } = options;
  const hidden = mounts.filter(({ view, isFolder }) => view === 'hidden' && isFolder);
  return [
    ...['--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-uts', '--unshare-cgroup-try'],
    ...(options.network ? [] : ['--unshare-net']),
    // No user namespace in it, whose kernel interfaces are the usual way out.
    '--disable-userns',
    ...['--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
    ...[options.readOnly ? '--ro-bind' : '--bind', '/', '/'],
    ...['--proc', '/proc', '--dev', '/dev', '--size', String(scratchBytes), '--tmpfs', '/dev/shm'],
    ...mounts.flatMap((mount) => writeMount(mount, scratchBytes)),
    // After everything in them is mounted.
    ...hidden.flatMap(({ path }) => ['--remount-ro', path]),
    // Of a gateway that root runs, the program may write what root owns: /proc/sys above all.
    ...['--remount-ro', '/proc', '--remount-ro', '/dev', '--chdir', options.cwd],
    ...['--json-status-fd', String(options.statusFd)],
    ...(options.filterFd === null ? [] : ['--seccomp', String(options.filterFd)]),
    '--',
  ];
}
