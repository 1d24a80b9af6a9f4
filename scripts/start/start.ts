import { join, resolve } from 'node:path';
import { readSettings, type Settings } from '../../registry/settings/settings.ts';
import { chooseDemoPort } from './demo/demo.ts';
import { checkPorts, listListenPorts } from './ports/check-ports.ts';
import { prepareDataFolder } from './prepare-data-folder.ts';
import { asSystemUser } from './privileges/as-system-user.ts';
import { handOver } from './privileges/hand-over.ts';
import { dropPrivilegesCommand, ensureSystemUser, firstUnprivilegedPort } from './privileges/system-user.ts';
import { listServiceNames, serviceEnvironment } from './service-environment.ts';
import { runOrExit, StartError } from './start-error.ts';
import { waitForRunLock } from './supervise/run-lock.ts';
import { writeServiceFolders } from './supervise/service-folders.ts';

const root = process.env['MCPGW_ROOT'] ?? resolve(import.meta.dirname, '..');
const withDemo = process.env['MCPGW_DEMO'] === 'yes';

/** The settings of this start. A demo allows programs, since it runs one, unless STDIO_COMMANDS is set. */
function readStartSettings(): Settings {
  const settings = readSettings(process.env, root);
  const programs = settings.inForce.find(({ name }) => name === 'STDIO_COMMANDS');
  if (!withDemo || programs?.source !== 'default') return settings;
  console.error('--demo: administrators may register programs (STDIO_COMMANDS=allow), since "everything-stdio" is one');
  process.env['STDIO_COMMANDS'] = 'allow';
  return readSettings(process.env, root);
}

/** Writes what the services need into the data folder. Returns the port of the demo server, 0 without --demo. */
async function writeServices(settings: Settings): Promise<number> {
  // Every service inherits it: other users of the machine may not read their files.
  process.umask(0o077);
  prepareDataFolder(settings);
  writeServiceFolders(root, settings.dataDir, [...listServiceNames(settings), ...(withDemo ? ['demo'] : [])]);
  return withDemo ? chooseDemoPort(settings.dataDir) : 0;
}

/** Becomes supervise.sh, which starts the supervisor and announce.ts; `drop` is the command that drops the rights of root. Does not return. */
function becomeSupervisor(settings: Settings, demoPort: number, drop: string[]): never {
  if (process.execve === undefined) throw new StartError('this Node cannot become another program (process.execve)');
  // For tests: if they are killed before they can clean up, no gateway is left running. Becoming another user clears it, so it is set after that.
  const withParent = process.env['MCPGW_END_WITH_PARENT'] === 'yes' ? ['setpriv', '--pdeathsig=TERM', '--'] : [];
  const supervise = ['sh', join(root, 'scripts/start/supervise/supervise.sh')];
  return process.execve('/usr/bin/env', ['env', ...drop, ...withParent, ...supervise], {
    ...process.env,
    ...serviceEnvironment(root, settings, demoPort),
  });
}

/** Checks everything that could make the start fail; as root, creates the user that everything runs as and transfers the folders to it. */
await runOrExit(async () => {
  const settings = readStartSettings();
  waitForRunLock(settings.dataDir);
  await checkPorts(listListenPorts(settings));
  if (process.getuid?.() !== 0) return becomeSupervisor(settings, await writeServices(settings), []);
  const user = ensureSystemUser();
  handOver(root, settings, user);
  const demoPort = await asSystemUser(user, () => writeServices(settings));
  const isPrivileged = (port: number) => port < firstUnprivilegedPort();
  const lowPort = [settings.gatewayPort, ...(settings.tls === null ? [] : [settings.tls.port])].some(isPrivileged);
  return becomeSupervisor(settings, demoPort, dropPrivilegesCommand(lowPort));
});
