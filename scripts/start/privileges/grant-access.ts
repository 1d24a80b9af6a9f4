import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StartError } from '../start-error.ts';
import { dropPrivilegesCommand, findInaccessible, SYSTEM_USER } from './system-user.ts';

/** Every folder above `path`, the topmost first. */
export function listParents(path: string): string[] {
  const parents: string[] = [];
  for (let at = dirname(path); at !== '/' && at !== '.'; at = dirname(at)) parents.unshift(at);
  return parents;
}

function grant(rights: string, path: string, recursive: boolean, why: string): void {
  const args = [...(recursive ? ['-R'] : []), '-m', `u:${SYSTEM_USER}:${rights}`, path];
  console.error(`Letting the user ${SYSTEM_USER} ${why}: setfacl ${args.join(' ')}`);
  const done = spawnSync('setfacl', args, { encoding: 'utf8' });
  if (done.status !== 0)
    throw new StartError(
      `the user ${SYSTEM_USER} cannot ${why}, and setfacl failed (${(done.stderr || String(done.error?.message)).trim()}); move it to a folder that others may enter, such as /opt or /srv, or run: chmod ${recursive ? '-R o+rX' : 'o+x'} ${path}`,
    );
}

/** Lets the system user pass through every folder above `paths` (only search permission, and only where it is missing). */
export function grantParentAccess(paths: string[]): void {
  const parents = [...new Set(paths.flatMap((path) => listParents(realpathSync(path))))];
  // One check for all: usually nothing is missing, and each check is a process.
  if (findInaccessible('-x', parents).length === 0) return;
  for (const parent of parents)
    if (findInaccessible('-x', [parent]).length > 0) grant('--x', parent, false, `pass through ${parent}`);
}

/** True if the system user cannot read one of `paths` or their contents, down to `depth` levels. */
function isUnreadable(paths: string[], depth?: number): boolean {
  const [command = '', ...become] = dropPrivilegesCommand(false);
  const levels = depth === undefined ? [] : ['-maxdepth', String(depth)];
  const unreadable = ['(', '!', '-readable', '-o', '-type', 'd', '!', '-executable', ')', '-print', '-quit'];
  const found = spawnSync(command, [...become, 'find', ...paths, ...levels, ...unreadable], {
    encoding: 'utf8',
    cwd: '/',
  });
  return found.stdout !== '' || found.stderr !== '';
}

/** Lets the system user read the checkout at `root`: a clone created with umask 077 is not accessible to it. */
export function grantCheckoutAccess(root: string): void {
  const modules = realpathSync(join(root, 'node_modules'));
  grantParentAccess([root, modules]);
  if (isUnreadable([root], 0)) grant('r-X', root, false, `read ${root}`);
  const used = ['package.json', 'dist', 'nginx', 'scripts', 'ui/dist']
    .map((name) => join(root, name))
    .filter((path) => existsSync(path));
  if (isUnreadable(used))
    for (const path of used.filter((one) => isUnreadable([one]))) grant('r-X', path, true, `read ${path}`);
  // There are too many modules to check all of them.
  const some = readdirSync(modules).slice(0, 50);
  if (isUnreadable([modules, ...some.map((name) => join(modules, name))], 1))
    grant('r-X', modules, true, `read ${modules}`);
}

/** Throws StartError unless the system user may read `file`; secrets are never made readable without notice. */
export function assertReadable(setting: string, file: string): void {
  if (findInaccessible('-r', [file]).length > 0)
    throw new StartError(
      `${file} (${setting}) cannot be read by the user ${SYSTEM_USER}; allow it with: setfacl -m u:${SYSTEM_USER}:r ${file}`,
    );
}
