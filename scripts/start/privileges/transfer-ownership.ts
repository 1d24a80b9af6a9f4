import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { StartError } from '../start-error.ts';
import { SYSTEM_USER } from './system-user.ts';

const HARMLESS = ['lost+found', 'secret.key', 'logs', 'acme', 'tls-dev'];
/** Files of a gateway in its folders; a folder with other files and none of these has another purpose. */
const DATA_SIGNS = ['mcpgw.db', 'generations', 'access', 'run-dir', 'gateway.pid', 'first-login.txt'];
const LOG_SIGNS = ['registry', 'nginx', 'calls.log'];

function isForeign(folder: string, signs: string[]): boolean {
  const entries = readdirSync(folder);
  return entries.some((name) => !HARMLESS.includes(name)) && !entries.some((name) => signs.includes(name));
}

function takeOver(setting: string, folder: string, signs: string[], user: { uid: number; gid: number }): void {
  if (isForeign(folder, signs))
    throw new StartError(
      `${folder} (${setting}) contains other files, and a start as root transfers the whole folder to the user ${SYSTEM_USER}; name a separate folder, for example ${setting}=${folder}/mcpgw`,
    );
  const before = statSync(folder).uid;
  const foreign = spawnSync('find', [folder, '!', '-user', String(user.uid), '-print', '-quit'], { encoding: 'utf8' });
  if (foreign.stdout === '') return;
  // A file with a second hard link may belong to somebody else: it is not transferred.
  const own = [
    '(',
    '-type',
    'd',
    '-o',
    '-links',
    '1',
    ')',
    '-exec',
    'chown',
    '-h',
    `${user.uid}:${user.gid}`,
    '{}',
    '+',
  ];
  const owner = spawnSync('find', [folder, ...own], { encoding: 'utf8' });
  if (owner.status !== 0)
    throw new StartError(
      `${folder} (${setting}) cannot be transferred to the user ${SYSTEM_USER}: ${owner.stderr.trim()}`,
    );
  if (before !== 0 && before !== user.uid)
    console.error(`${folder} belonged to uid ${before}; it belongs to ${SYSTEM_USER} now.`);
}

/** Transfers the data and log folders with their contents to the system user. Throws StartError if a folder seems to have another purpose. */
export function transferOwnership(
  folders: { dataDir: string; logDir: string },
  user: { uid: number; gid: number },
): void {
  takeOver('DATA_DIR', folders.dataDir, DATA_SIGNS, user);
  if (!folders.logDir.startsWith(`${folders.dataDir}/`)) takeOver('LOG_DIR', folders.logDir, LOG_SIGNS, user);
}
