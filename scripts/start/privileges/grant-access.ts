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

/** Lets the system user pass through every folder above `path` (search permission on each that bars it, no more). */
export function grantParentAccess(path: string): void {
  for (const parent of listParents(realpathSync(path)))
    if (findInaccessible('-x', [parent]).length > 0) grant('--x', parent, false, `pass through ${parent}`);
}

/** Lets the system user read the checkout at `root`: a clone made under umask 077 is closed to it. */
export function grantCheckoutAccess(root: string): void {
  const [command = '', ...become] = dropPrivilegesCommand(false);
  const closed = ['dist', 'nginx', 'scripts', 'ui/dist']
    .map((name) => join(root, name))
    .filter((path) => existsSync(path));
  const modules = realpathSync(join(root, 'node_modules'));
  grantParentAccess(root);
  grantParentAccess(modules);
  const canaries = readdirSync(modules)
    .slice(0, 50)
    .map((name) => join(modules, name));
  const find = (paths: string[], depth: string[]) =>
    spawnSync(
      command,
      [
        ...become,
        'find',
        ...paths,
        ...depth,
        '(',
        '!',
        '-readable',
        '-o',
        '-type',
        'd',
        '!',
        '-executable',
        ')',
        '-print',
        '-quit',
      ],
      {
        encoding: 'utf8',
        cwd: '/',
      },
    );
  for (const path of [root, join(root, 'package.json'), ...closed]) {
    const found = find([path], path === root ? ['-maxdepth', '0'] : []);
    if (found.stdout !== '' || found.stderr !== '') grant('r-X', path, path !== root, `read ${path}`);
  }
  const found = find([modules, ...canaries], ['-maxdepth', '1']);
  if (found.stdout !== '' || found.stderr !== '') grant('r-X', modules, true, `read ${modules}`);
}

/** Throws StartError unless the system user may read `file`; secrets are never opened for it on the quiet. */
export function assertReadable(setting: string, file: string): void {
  if (findInaccessible('-r', [file]).length > 0)
    throw new StartError(
      `${file} (${setting}) cannot be read by the user ${SYSTEM_USER}; allow it with: setfacl -m u:${SYSTEM_USER}:r ${file}`,
    );
}
