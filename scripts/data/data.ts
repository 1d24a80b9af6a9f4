import { join, resolve } from 'node:path';
import { readSettings } from '../../registry/settings/settings.ts';
import { createBackup, inspectDatabase, restoreBackup, verifyAudit } from '../../registry/store/index.ts';
import { VERSION } from '../../registry/lib/version.ts';
import { runOrExit, StartError } from '../start/start-error.ts';
import { waitForRunLock } from '../start/supervise/run-lock.ts';

const root = process.env['MCPGW_ROOT'] ?? resolve(import.meta.dirname, '..');
const [command = '', ...rest] = process.argv.slice(2);
const [folder] = rest.filter((word) => !word.startsWith('--'));

function requireFolder(): string {
  if (folder === undefined) throw new StartError(`name a folder: scripts/data.sh ${command} FOLDER`);
  return resolve(process.env['MCPGW_CALLER_DIR'] ?? '.', folder);
}

/** Backs up, restores, checks and verifies the data folder that the settings name (scripts/data.sh). */
await runOrExit(async () => {
  const isRestore = command === 'restore';
  // A restored folder gets the key of the backup, so none may be created here.
  const { dataDir, databaseFile, secretKey } = readSettings({ ...process.env, ...(isRestore && { SECRET_KEY: '-'.repeat(32) }) }, root);
  const secretFile = join(dataDir, 'secret.key');
  if (command === 'backup') {
    const target = requireFolder();
    const { files, schema } = await createBackup({ databaseFile, secretFile, version: VERSION }, target);
    console.log(`Backed up to ${target} (schema ${schema}).`);
    if (!('secret.key' in files))
      console.log('SECRET_KEY is set by you and not in the backup: store it safely elsewhere.');
  } else if (isRestore) {
    const from = requireFolder();
    waitForRunLock(dataDir);
    const target = { dataDir, databaseFile, secretFile, replace: rest.includes('--replace') };
    const { manifest, hasSecret, movedAside } = await restoreBackup(from, target);
    console.log(`Restored the backup of ${manifest.createdAt} (mcpgw ${manifest.version}) to ${databaseFile}.`);
    for (const file of movedAside) console.log(`Moved aside: ${file}`);
    if (!hasSecret) console.log('Start with the SECRET_KEY that this backup was made with.');
  } else if (command === 'audit-verify') {
    const { verified, unchained, flaw } = verifyAudit(databaseFile, secretKey);
    const older = unchained === 0 ? '' : ` ${unchained} rows of an earlier version are not chained.`;
    if (flaw !== null)
      throw new StartError(
        `The audit log is not intact: ${flaw.detail}. The ${verified} rows before it are valid.${older} Compare it with a backup.`,
      );
    console.log(`The audit log is intact: ${verified} rows verified.${older}`);
  } else {
    const { schema, revision } = inspectDatabase(databaseFile);
    console.log(`${databaseFile} is sound (schema ${schema}, revision ${revision}).`);
  }
});
