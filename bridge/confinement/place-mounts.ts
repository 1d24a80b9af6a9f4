import { realpathSync, statSync } from 'node:fs';
import { userInfo, tmpdir } from 'node:os';
import type { Confinement } from '@mcpgw/registry/contract';
import { BridgeError } from '../bridge-error.ts';
import { dropBuried, isWithin, planMounts, type Mount, type OwnPlaces } from './plan-mounts.ts';
import type { PlacedMount } from './write-arguments.ts';

const RESOLVER = '/etc/resolv.conf';
const SYSTEM = /^\/($|(bin|sbin|lib[^/]*|usr|etc|dev|proc|sys)(\/|$))/;

/** Resolves symbolic links; undefined: the path does not exist, or is not accessible. */
export function follow(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

const placeAll = (paths: readonly string[]) => paths.flatMap((path) => follow(path) ?? []);

function reject(list: keyof Confinement, path: string, problem: string, hint: string): never {
  throw new BridgeError('program_failed', `confinement.${list}: ${path} ${problem}`, hint);
}

/** Throws BridgeError for a path that does not exist, is a link, or exposes files of the gateway. */
function checkPaths(confinement: Confinement, own: OwnPlaces): void {
  for (const list of ['readable', 'writable', 'hidden'] as const)
    for (const path of confinement[list]) {
      const resolved = follow(path);
      if (resolved === undefined)
        reject(
          list,
          path,
          'does not exist, or the user of the gateway cannot access it',
          'Create it, or correct the path.',
        );
      // The program could redirect a link in a writable folder to any other path.
      if (resolved !== path) reject(list, path, `is a link to ${resolved}`, `Write ${resolved}.`);
      if (list === 'hidden') continue;
      const reserved = own.hidden.find((folder) => isWithin(path, folder));
      if (reserved !== undefined)
        reject(list, path, `is in ${reserved}, which is reserved for the gateway`, 'Move the files elsewhere.');
      if (list !== 'writable') continue;
      // A program that may rename a folder could move hidden files in it to a visible path.
      const inside = [...own.hidden, own.root].find((folder) => isWithin(folder, path) || isWithin(path, own.root));
      if (inside !== undefined)
        reject(
          list,
          path,
          `contains ${inside} of the gateway, or is in it`,
          'List only the folders that it has to write.',
        );
    }
}

/** Folders of the gateway's user that are hidden in addition to those of every machine. */
function foldersOfUser(): string[] {
  try {
    const { homedir } = userInfo();
    return [tmpdir(), ...(SYSTEM.test(homedir) ? [] : [homedir])];
  } catch {
    // In a container the user may have no name.
    return [tmpdir()];
  }
}

/**
 * Returns the mounts of a confined program on this machine, shortest paths first. Throws BridgeError that names the setting with an unusable path.
 */
export function placeMounts(confinement: Confinement, given: OwnPlaces): PlacedMount[] {
  const own: OwnPlaces = {
    hidden: placeAll(given.hidden),
    root: follow(given.root) ?? given.root,
    home: follow(given.home) ?? given.home,
  };
  checkPaths(confinement, own);
  const resolver = confinement.network ? placeAll([RESOLVER]) : [];
  const planned = planMounts(
    { ...confinement, readable: [...confinement.readable, ...resolver] },
    own,
    foldersOfUser(),
  );
  const placed = new Map<string, PlacedMount>();
  for (const { path, view } of planned) {
    const resolved = follow(path);
    // If a link and its target are both planned, the view of the target applies.
    if (resolved === undefined || (resolved !== path && placed.has(resolved))) continue;
    placed.set(resolved, { path: resolved, view, isFolder: statSync(resolved).isDirectory() });
  }
  return dropBuried([...placed.values()].sort(byLength));
}

const byLength = (one: Mount, other: Mount) => one.path.length - other.path.length;
