import { execFile } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { error, warning, type Check, type Finding } from '../finding.ts';

const run = promisify(execFile);
const OTHERS = 0o077;
const CHECK_LIMIT_MS = 120_000;

function explainAccess(folder: string, what: string): Finding[] {
  if (!existsSync(folder)) return [];
  if (!statSync(folder).isDirectory())
    return [error(`${what} ${folder} is not a folder`, 'Move that file away, or name another folder.')];
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return [];
  } catch (thrown) {
    return [
      error(
        `${what} ${folder} cannot be read and written by this user (${(thrown as NodeJS.ErrnoException).code ?? ''})`,
        'Change its owner to the user that runs mcpgw: chown -R <user> it.',
      ),
    ];
  }
}

/** Checks that the data folder is accessible to this user, and to nobody else. */
export const checkDataFolder: Check = ({ settings: { dataDir } }) => {
  const findings = explainAccess(dataDir, 'DATA_DIR');
  const private_ = [dataDir, join(dataDir, 'secret.key'), join(dataDir, 'mcpgw.db'), join(dataDir, 'first-login.txt')];
  for (const file of findings.length > 0 ? [] : private_) {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined || (stat.mode & OTHERS) === 0) continue;
    findings.push(
      error(`other users of this machine may read ${file}`, `chmod go-rwx ${file}`, () =>
        chmodSync(file, stat.mode & ~OTHERS & 0o7777),
      ),
    );
  }
  return findings;
};

/** Checks that logs can be written. */
export const checkLogFolder: Check = ({ settings: { logDir, dataDir } }) => {
  if (existsSync(logDir) || !existsSync(dataDir)) return explainAccess(logDir, 'LOG_DIR');
  return [
    warning(
      `LOG_DIR ${logDir} does not exist`,
      'A start creates it.',
      () => void mkdirSync(logDir, { recursive: true, mode: 0o700 }),
    ),
  ];
};

/** Checks that the database is sound and its key exists. */
export const checkDatabase: Check = async ({ env, root, settings: { databaseFile, dataDir } }) => {
  if (!existsSync(databaseFile)) return [];
  const findings: Finding[] = [];
  const secret = env['SECRET_KEY'];
  if ((secret === undefined || secret === '') && !existsSync(join(dataDir, 'secret.key')))
    findings.push(
      error(
        `there is a database but no ${join(dataDir, 'secret.key')}, the key that its credentials are sealed with`,
        'Put the file back from a backup, or set SECRET_KEY to the key that was used.',
      ),
    );
  const program = join(root, 'dist/data.js');
  if (!existsSync(program)) return findings;
  try {
    await run(process.execPath, [program, 'check'], {
      env: { ...env, MCPGW_ROOT: root, SECRET_KEY: secret ?? '-'.repeat(32), DATA_DIR: dataDir },
      timeout: CHECK_LIMIT_MS,
    });
  } catch (thrown) {
    const { stderr = '', message } = thrown as { stderr?: string; message: string };
    findings.push(
      error(
        `the database is not sound: ${stderr.trim().replace(/^mcpgw: /, '') || message}`,
        'Restore a backup: mcpgw restore FOLDER --replace. The existing database is moved aside, not overwritten.',
      ),
    );
  }
  return findings;
};

/** Checks that the file with the first password was removed. */
export const checkFirstLogin: Check = ({ settings: { dataDir } }) => {
  const file = join(dataDir, 'first-login.txt');
  return existsSync(file)
    ? [
        warning(
          `the first password is still in ${file}`,
          'Sign in with it, set another in the UI, and remove the file.',
        ),
      ]
    : [];
};
