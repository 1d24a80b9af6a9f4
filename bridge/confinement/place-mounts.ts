import { realpathSync, statSync } from 'node:fs';
import { userInfo, tmpdir } from 'node:os';
import type { Confinement } from '@mcpgw/registry/contract';
import { BridgeError } from '../bridge-error.ts';
import { dropBuried, isWithin, planMounts, type Mount, type OwnPlaces } from './plan-mounts.ts';
import type { PlacedMount } from './write-arguments.ts';

const RESOLVER = '/etc/resolv.conf';
const SYSTEM = /^\/($|(bin|sbin|lib[^/]*|usr|etc|dev|proc|sys)(\/|$))/;

/** A path without links; undefined: nothing is there, or it cannot be reached. */
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

/** Throws BridgeError for a path that says something else than it seems to, or opens what the gateway keeps for itself. */
function checkPaths(confinement: Confinement, own: OwnPlaces): void {
  for (const list of ['readable', 'writable', 'hidden'] as const)
    for (const path of confinement[list]) {
      const there = follow(path);
      if (there === undefined)
        reject(
          list,
          path,
          'is not there, or the user of the gateway may not reach it',
          'Create it, or correct the path.',
        );
      // The program could point a link in a folder that it may write at any other.
      if (there !== path) reject(list, path, `is a link to ${there}`, `Write ${there}.`);
      if (list === 'hidden') continue;
      const kept = own.hidden.find((folder) => isWithin(path, folder));
      if (kept !== undefined)
        reject(list, path, `is in ${kept}, which the gateway keeps for itself`, 'Move the files elsewhere.');
      if (list !== 'writable') continue;
      // A program that may rename a folder would move what is hidden in it to where it is not.
      const inside = [...own.hidden, own.root].find((folder) => isWithin(folder, path) || isWithin(path, own.root));
      if (inside !== undefined)
        reject(list, path, `has ${inside} of the gateway in it, or is in it`, 'Name the folders that it has to write.');
    }
}

/** Folders of the gateway's user that are hidden beside those that every machine has. */
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
 * What a confined program sees of this machine, the shortest paths first. Throws BridgeError that names the setting whose path cannot be used.
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
    const there = follow(path);
    // Of a link and the folder that it names, the folder was planned for itself.
    if (there === undefined || (there !== path && placed.has(there))) continue;
    placed.set(there, { path: there, view, isFolder: statSync(there).isDirectory() });
  }
  return dropBuried([...placed.values()].sort(byLength));
}

const byLength = (one: Mount, other: Mount) => one.path.length - other.path.length;
