import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readSettings, type Settings } from '../../registry/settings/settings.ts';
import { checkPorts, listWantedPorts } from './check-ports.ts';
import { handOverFolders } from './hand-over.ts';
import { demandReadable, openCheckout, openParents } from './open-way.ts';
import { runOrRefuse, StartRefused } from './refuse.ts';
import { waitForRunLock } from './run-lock.ts';
import { dropCommand, ensureSystemUser, findBarred } from './system-user.ts';

const PRIVILEGED = 1024;

/** As root: makes the user, gives it the folders and the way to them. Answers the command that becomes it. */
function handOver(root: string, settings: Settings): string[] {
  const user = ensureSystemUser();
  handOverFolders(settings, user);
  openParents(settings.dataDir);
  // Below the data folder the way is open already, and what stands there is the ordinary user's: root follows no link of its.
  if (!settings.logDir.startsWith(`${settings.dataDir}/`)) openParents(settings.logDir);
  openCheckout(root);
  const config = resolve(root, process.env['MCPGW_CONFIG'] ?? 'mcpgw.config.json');
  if (existsSync(config)) demandReadable('the settings file', config);
  if (settings.tls !== null) {
    demandReadable('TLS_CERT', settings.tls.certFile);
    demandReadable('TLS_KEY', settings.tls.keyFile);
  }
  const database = dirname(settings.databaseFile);
  if (findBarred('-w', [database]).length > 0)
    throw new StartRefused(
      `${database} (DATABASE_URL) cannot be written by the user mcpgw; run: chown mcpgw ${database}`,
    );
  return dropCommand(settings.gatewayPort < PRIVILEGED || (settings.tls?.port ?? PRIVILEGED) < PRIVILEGED);
}

/** Checks what could make the start fail and prints, for scripts/start.sh, the command that drops root (an empty line when not root). */
await runOrRefuse(async () => {
  const root = process.env['MCPGW_ROOT'] ?? resolve(import.meta.dirname, '../..');
  const settings = readSettings(process.env, root);
  await waitForRunLock(settings.dataDir);
  await checkPorts(listWantedPorts(settings));
  const become = process.getuid?.() === 0 ? handOver(root, settings) : [];
  // For tests: who is killed without a chance to clean up leaves no gateway behind. Becoming another user clears it, so it is set after that.
  const withParent = process.env['MCPGW_END_WITH_PARENT'] === 'yes' ? ['setpriv', '--pdeathsig=TERM', '--'] : [];
  console.log([...become, ...withParent].join(' '));
});
