import type { Confinement } from '@mcpgw/registry/contract';

/** hidden: nothing is there; scratch: empty, and may be written; the others show what is there. */
export type View = 'hidden' | 'scratch' | 'readable' | 'writable';

/** What a program sees at a path and below it, as far as no longer path says something else. */
export interface Mount {
  path: string;
  view: View;
}

export interface OwnPlaces {
  /** Folders and files of the gateway that no program sees. */
  hidden: readonly string[];
  /** The program files of the gateway: seen, and never written. */
  root: string;
  /** Private folder of the server. */
  home: string;
}

/** Whether a path is another or in it. */
export const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Where people, services and sessions have what is theirs: keys, sockets, files of others. */
const HIDDEN_BY_DEFAULT = ['/home', '/root', '/run', '/var/run', '/var/tmp', '/etc/mcpgw'];
const SCRATCH = '/tmp';

/**
 * Plans what a confined program sees, the shortest paths first. Of two paths the longer one decides; of the same path what the gateway needs for
 * itself, then what hides. `homes`: hidden on this machine beside those that are everywhere.
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
  // A user of the gateway that is root owns what is in it.
  add(['/sys'], 'readable');
  add([own.root], 'readable');
  add(own.hidden, 'hidden');
  add([own.home], 'writable');
  return [...planned]
    .map(([path, view]) => ({ path, view }))
    .sort((one, other) => one.path.length - other.path.length || (one.path < other.path ? -1 : 1));
}

/** Without what is hidden in a hidden folder: its name alone would be seen there. */
export function dropBuried<M extends Mount>(mounts: readonly M[]): M[] {
  const kept: M[] = [];
  for (const mount of mounts) {
    const around = kept.findLast(({ path }) => isWithin(mount.path, path));
    if (mount.view !== 'hidden' || around?.view !== 'hidden') kept.push(mount);
  }
  return kept;
}

/** Whether a program sees what is at a path. */
export function isVisible(path: string, mounts: readonly Mount[]): boolean {
  const deciding = mounts.findLast((mount) => isWithin(path, mount.path));
  return deciding === undefined || deciding.view === 'readable' || deciding.view === 'writable';
}
