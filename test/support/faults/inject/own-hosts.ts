import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What names mean to one process, by an /etc/hosts of its own. */
export interface OwnHosts {
  /** Stands before the command of the process; needs root (mount_namespaces(7)). */
  before: string[];
  /** Name → address; a name that is left out is asked of the machine's DNS, where names below `.test` do not exist (RFC 6761). */
  say: (names: Record<string, string>) => void;
  remove: () => void;
}

/** Makes one; `before` runs a command in a mount namespace where it lies over /etc/hosts. */
export function makeOwnHosts(): OwnHosts {
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-hosts-'));
  chmodSync(folder, 0o755);
  const file = join(folder, 'hosts');
  // Written in place: another inode would not be seen below the mount.
  const say = (names: Record<string, string>) =>
    writeFileSync(
      file,
      ['127.0.0.1 localhost', ...Object.entries(names).map(([name, address]) => `${address} ${name}`), ''].join('\n'),
      { mode: 0o644 },
    );
  say({});
  return {
    before: ['unshare', '-m', 'sh', '-c', `mount --bind '${file}' /etc/hosts && exec "$@"`, 'sh'],
    say,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
