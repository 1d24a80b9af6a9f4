import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Addresses of names for one process, in its own /etc/hosts. */
export interface OwnHosts {
  /** Prefix of the command of the process; needs root (mount_namespaces(7)). */
  before: string[];
  /** Name → address; other names are resolved by the machine's DNS, where names below `.test` do not exist (RFC 6761). */
  setAddresses: (names: Record<string, string>) => void;
  remove: () => void;
}

/** Creates one; `before` runs a command in a mount namespace where it is mounted over /etc/hosts. */
export function createOwnHosts(): OwnHosts {
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-hosts-'));
  chmodSync(folder, 0o755);
  const file = join(folder, 'hosts');
  // Written in place: another inode would not be seen below the mount.
  const setAddresses = (names: Record<string, string>) =>
    writeFileSync(
      file,
      ['127.0.0.1 localhost', ...Object.entries(names).map(([name, address]) => `${address} ${name}`), ''].join('\n'),
      { mode: 0o644 },
    );
  setAddresses({});
  return {
    before: ['unshare', '-m', 'sh', '-c', `mount --bind '${file}' /etc/hosts && exec "$@"`, 'sh'],
    setAddresses,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
