import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { StartError } from '../start-error.ts';

/** The ordinary user that everything runs as when root starts it. */
export const SYSTEM_USER = 'mcpgw';

export interface SystemUser {
  uid: number;
  gid: number;
}

function run(command: string, args: string[]): { ok: boolean; output: string } {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  return {
    ok: result.status === 0,
    output: `${result.stdout}${result.stderr}`.trim() || (result.error?.message ?? ''),
  };
}

/** Reads the user from the user database (passwd(5)); null if it does not exist. */
function readUser(): SystemUser | null {
  const { ok, output } = run('getent', ['passwd', SYSTEM_USER]);
  const [, , uid = '', gid = ''] = output.split(':');
  return ok && /^\d+$/.test(uid) && /^\d+$/.test(gid) ? { uid: Number(uid), gid: Number(gid) } : null;
}

/** Creates the user if it does not exist and returns its ids. Throws StartError with what to do manually. */
export function ensureSystemUser(): SystemUser {
  const found = readUser();
  if (found !== null) return found;
  const created = run('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
    SYSTEM_USER,
  ]);
  const user = readUser();
  if (user === null)
    throw new StartError(
      `the user ${SYSTEM_USER} cannot be created (${created.output}); create a system user with that name and start again`,
    );
  console.error(`Created the system user ${SYSTEM_USER}, which everything runs as.`);
  return user;
}

/** The lowest port that needs no capability (ip(7), ip_unprivileged_port_start): 1024, and 0 in Docker's containers. */
export function firstUnprivilegedPort(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  } catch {
    return 1024;
  }
}

/**
 * The command that becomes the user (setpriv(1)), as a prefix of another command. For a port below 1024 the one capability
 * that it needs is retained (capabilities(7), ambient set), since NGINX itself never runs as root.
 */
export function dropPrivilegesCommand(lowPort: boolean): string[] {
  const capabilities = lowPort
    ? ['--inh-caps=-all,+net_bind_service', '--ambient-caps=+net_bind_service']
    : ['--inh-caps=-all'];
  return [
    'setpriv',
    `--reuid=${SYSTEM_USER}`,
    `--regid=${SYSTEM_USER}`,
    '--init-groups',
    ...capabilities,
    '--no-new-privs',
    '--',
  ];
}

/** Of `paths`, those for which `test <flag>` fails for the user: `-x` to pass through a folder, `-r` to read, `-w` to write. */
export function findInaccessible(flag: '-r' | '-w' | '-x', paths: string[]): string[] {
  const [command = '', ...args] = dropPrivilegesCommand(false);
  const script = `for p do [ ${flag} "$p" ] || printf '%s\\0' "$p"; done`;
  return spawnSync(command, [...args, 'sh', '-c', script, 'sh', ...paths], { encoding: 'utf8', cwd: '/' })
    .stdout.split('\0')
    .filter((path) => path !== '');
}
