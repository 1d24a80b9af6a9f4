import type { Mount } from './plan-mounts.ts';

/** A mount with an existing path, symbolic links resolved; missing paths are not mounted. */
export interface PlacedMount extends Mount {
  isFolder: boolean;
}

export interface BubblewrapOptions {
  network: boolean;
  readOnly: boolean;
  mounts: readonly PlacedMount[];
  /** Size of each in-memory file system: /tmp and /dev/shm. */
  scratchBytes: number;
  cwd: string;
  statusFd: number;
  /** Null: the kernel of this machine has no known filter. */
  filterFd: number | null;
}

/** A hidden folder contains only mount points. */
const HIDDEN_BYTES = 65_536;

function writeMount({ path, view, isFolder }: PlacedMount, scratchBytes: number): string[] {
  if (view === 'readable') return ['--ro-bind', path, path];
  if (view === 'writable') return ['--bind', path, path];
  if (!isFolder) return ['--ro-bind', '/dev/null', path];
  return ['--size', String(view === 'scratch' ? scratchBytes : HIDDEN_BYTES), '--tmpfs', path];
}

/**
 * The arguments of bwrap(1) before the program: separate namespaces, no capabilities, and a file system assembled from that of the machine.
 * The program runs in its own session, so that its process group differs from that of bwrap.
 */
export function writeBubblewrapArguments(options: BubblewrapOptions): string[] {
  const { mounts, scratchBytes } = options;
  const hidden = mounts.filter(({ view, isFolder }) => view === 'hidden' && isFolder);
  return [
    ...['--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-uts', '--unshare-cgroup-try'],
    ...(options.network ? [] : ['--unshare-net']),
    // No nested user namespaces: their kernel interfaces are the most common means of escape.
    '--disable-userns',
    ...['--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
    ...[options.readOnly ? '--ro-bind' : '--bind', '/', '/'],
    ...['--proc', '/proc', '--dev', '/dev', '--size', String(scratchBytes), '--tmpfs', '/dev/shm'],
    ...mounts.flatMap((mount) => writeMount(mount, scratchBytes)),
    // After everything in them is mounted.
    ...hidden.flatMap(({ path }) => ['--remount-ro', path]),
    // If the gateway runs as root, the program could write files that root owns, above all /proc/sys.
    ...['--remount-ro', '/proc', '--remount-ro', '/dev', '--chdir', options.cwd],
    ...['--json-status-fd', String(options.statusFd)],
    ...(options.filterFd === null ? [] : ['--seccomp', String(options.filterFd)]),
    '--',
  ];
}
