import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readSettings, type Settings } from '../../registry/settings/settings.ts';
import { closeToOthers } from './close-to-others.ts';
import { chooseDemoPort } from './demo/demo.ts';
import { checkPorts, listWantedPorts } from './ports/check-ports.ts';
import { asSystemUser } from './privileges/as-system-user.ts';
import { handOver } from './privileges/hand-over.ts';
import { dropPrivilegesCommand, ensureSystemUser, firstUnprivilegedPort } from './privileges/system-user.ts';
import { runOrExit, StartError } from './start-error.ts';
import { takeRunLock, waitForRunLock } from './supervise/run-lock.ts';
import { writeServiceFolders } from './supervise/service-folders.ts';
import { removeStaleRendering } from './supervise/stale-rendering.ts';
import { ensureDevCertificate } from './tls/dev-certificate.ts';

const root = process.env['MCPGW_ROOT'] ?? resolve(import.meta.dirname, '..');
const withDemo = process.env['MCPGW_DEMO'] === 'yes';

/** Takes the data folder and writes into it what the services need. Returns the port of the demo server, 0 without --demo. */
async function prepareDataFolder(settings: Settings): Promise<number> {
  const { dataDir } = settings;
  if (!takeRunLock(dataDir)) throw new StartError(`another start on ${dataDir} was faster`);
  // Every service inherits it: what they write is of no concern to other users of the machine.
  process.umask(0o077);
  closeToOthers(dataDir);
  const { allowsPrograms } = settings;
  const optional = [...(allowsPrograms ? ['bridge'] : []), ...(withDemo ? ['demo'] : [])];
  writeServiceFolders(root, dataDir, ['registry', 'nginx', 'mcpgw-server', ...optional]);
  removeStaleRendering(settings);
  if (settings.tls?.isDev === true) ensureDevCertificate(settings);
  // mcpgw-server waits for the one that the registry writes now.
  rmSync(join(dataDir, 'run/registry.url'), { force: true });
  return withDemo ? chooseDemoPort(dataDir) : 0;
}

/** Becomes supervise.sh, which starts the supervisor and announce.ts; `drop` is the command that gives up root's rights. Does not return. */
function becomeSupervisor(settings: Settings, demoPort: number, drop: string[]): never {
  if (process.execve === undefined) throw new StartError('this Node cannot become another program (process.execve)');
  // For tests: who is killed without a chance to clean up leaves no gateway behind. Becoming another user clears it, so it is set after that.
  const withParent = process.env['MCPGW_END_WITH_PARENT'] === 'yes' ? ['setpriv', '--pdeathsig=TERM', '--'] : [];
  const supervise = ['sh', join(root, 'scripts/start/supervise/supervise.sh')];
  return process.execve('/usr/bin/env', ['env', ...drop, ...withParent, ...supervise], {
    ...process.env,
    HOME: settings.dataDir,
    MCPGW_ROOT: root,
    MCPGW_DATA_DIR: settings.dataDir,
    MCPGW_LOG_DIR: settings.logDir,
    MCPGW_NGINX_BIN: settings.nginxBin,
    MCPGW_DEMO_PORT: String(demoPort),
    MCPGW_BRIDGE_INSIDE: settings.allowsPrograms ? 'no' : 'yes',
    MCPGW_BRIDGE_MAX_PROCESSES: String(settings.bridgeMaxProcesses),
    MCPGW_GATEWAY_URL: settings.gatewayUrl,
    MCPGW_ALLOWED_ORIGINS: settings.allowedOrigins.join(','),
  });
}

/** Checks all that could make the start fail; as root creates the user that everything runs as and hands the folders over to it. */
await runOrExit(async () => {
  const settings = readSettings(process.env, root);
  waitForRunLock(settings.dataDir);
  await checkPorts(listWantedPorts(settings));
  if (process.getuid?.() !== 0) return becomeSupervisor(settings, await prepareDataFolder(settings), []);
  const user = ensureSystemUser();
  handOver(root, settings, user);
  const demoPort = await asSystemUser(user, () => prepareDataFolder(settings));
  const isPrivileged = (port: number) => port < firstUnprivilegedPort();
  const lowPort = [settings.gatewayPort, ...(settings.tls === null ? [] : [settings.tls.port])].some(isPrivileged);
  return becomeSupervisor(settings, demoPort, dropPrivilegesCommand(lowPort));
});
