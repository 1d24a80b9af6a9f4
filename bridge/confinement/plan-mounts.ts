import type { Confinement } from '@mcpgw/registry/contract';

/** hidden: appears empty; scratch: empty and writable; the others show the actual files. */
export type View = 'hidden' | 'scratch' | 'readable' | 'writable';

/** What a program sees at a path and below it, unless a longer path overrides it. */
export interface Mount {
  path: string;
  view: View;
}

export interface OwnPlaces {
  /** Folders and files of the gateway that no program sees. */
  hidden: readonly string[];
  /** The program files of the gateway: visible, but never writable. */
  root: string;
  /** Private folder of the server. */
  home: string;
}

/** Whether a path is a folder itself or inside it. */
export const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Private files of users, services and sessions, such as keys and sockets. */
const HIDDEN_BY_DEFAULT = ['/home', '/root', '/run', '/var/run', '/var/tmp', '/etc/mcpgw'];
const SCRATCH = '/tmp';

/**
 * Plans what a confined program sees, shortest paths first. The longer of two paths decides; for the same path, first the rules of the gateway
 * itself, then `hidden`. `homes`: folders hidden on this machine in addition to the default ones.
 */
export function planMounts(confinement: Confinement, own: OwnPlaces, homes: readonly string[]): Mount[] {
  const planned = new Map<string, View>();
  const add = (paths: readonly string[], view: View) => {
    for (const path of paths) planned.set(path, view);
  };
  add([...HIDDEN_BY_DEFAULT, ...homes], 'hidden');
  add([SCRATCH], 'scratch');
  add(confinement.readable, 'readable');
  add(confinement.writable, 'writable');
  add(confinement.hidden, 'hidden');
  // Never writable: if the gateway runs as root, it owns the files there.
  add(['/sys'], 'readable');
  add([own.root], 'readable');
  add(own.hidden, 'hidden');
  add([own.home], 'writable');
  return [...planned]
    .map(([path, view]) => ({ path, view }))
    .sort((one, other) => one.path.length - other.path.length || (one.path < other.path ? -1 : 1));
}

/** Drops hidden paths inside hidden folders: their mount points would reveal their names. */
export function dropBuried<M extends Mount>(mounts: readonly M[]): M[] {
  const kept: M[] = [];
  for (const mount of mounts) {
    const around = kept.findLast(({ path }) => isWithin(mount.path, path));
    if (mount.view !== 'hidden' || around?.view !== 'hidden') kept.push(mount);
  }
  return kept;
}

/** Whether a path is visible to a program. */
export function isVisible(path: string, mounts: readonly Mount[]): boolean {
  const deciding = mounts.findLast((mount) => isWithin(path, mount.path));
  return deciding === undefined || deciding.view === 'readable' || deciding.view === 'writable';
}
