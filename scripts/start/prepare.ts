import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readSettings, type Settings } from '../../registry/settings/settings.ts';
import { checkPorts, listWantedPorts } from './ports/check-ports.ts';
import { transferOwnership } from './privileges/transfer-ownership.ts';
import { assertReadable, grantCheckoutAccess, grantParentAccess } from './privileges/grant-access.ts';
import { runOrExit, StartError } from './start-error.ts';
import { waitForRunLock } from './supervise/run-lock.ts';
import { dropPrivilegesCommand, ensureSystemUser, findInaccessible } from './privileges/system-user.ts';

const PRIVILEGED = 1024;

/** As root: makes the user, gives it the folders and the way to them. Returns the command that drops to it. */
function dropToSystemUser(root: string, settings: Settings): string[] {
  const user = ensureSystemUser();
  transferOwnership(settings, user);
  grantParentAccess(settings.dataDir);
  // Below the data folder the way is open already, and what stands there is the ordinary user's: root follows no link of its.
  if (!settings.logDir.startsWith(`${settings.dataDir}/`)) grantParentAccess(settings.logDir);
  grantCheckoutAccess(root);
  const config = resolve(root, process.env['MCPGW_CONFIG'] ?? 'mcpgw.config.json');
  if (existsSync(config)) assertReadable('the settings file', config);
  if (settings.tls !== null) {
    assertReadable('TLS_CERT', settings.tls.certFile);
    assertReadable('TLS_KEY', settings.tls.keyFile);
  }
  const database = dirname(settings.databaseFile);
  if (findInaccessible('-w', [database]).length > 0)
    throw new StartError(
      `${database} (DATABASE_URL) cannot be written by the user mcpgw; run: chown mcpgw ${database}`,
    );
  return dropPrivilegesCommand(settings.gatewayPort < PRIVILEGED || (settings.tls?.port ?? PRIVILEGED) < PRIVILEGED);
}

/** Checks what could make the start fail and prints, for scripts/start.sh, the command that drops root (an empty line when not root). */
await runOrExit(async () => {
  const root = process.env['MCPGW_ROOT'] ?? resolve(import.meta.dirname, '..');
  const settings = readSettings(process.env, root);
  waitForRunLock(settings.dataDir);
  await checkPorts(listWantedPorts(settings));
  const dropPrivileges = process.getuid?.() === 0 ? dropToSystemUser(root, settings) : [];
  // For tests: who is killed without a chance to clean up leaves no gateway behind. Becoming another user clears it, so it is set after that.
  const withParent = process.env['MCPGW_END_WITH_PARENT'] === 'yes' ? ['setpriv', '--pdeathsig=TERM', '--'] : [];
  console.log([...dropPrivileges, ...withParent].join(' '));
});
