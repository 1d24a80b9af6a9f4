import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readSettings, type Settings } from '../../registry/settings/settings.ts';
import { VERSION } from '../../registry/lib/version.ts';
import { runOrExit, StartError } from './start-error.ts';
import { isRunLockFree } from './supervise/run-lock.ts';
import { layoutOf, listServices, readDeaths, readLogTail, scanFolder } from './supervise/service-folders.ts';

const READY_LIMIT_MS = 60_000;
const POLL_MS = 100;
const HOPELESS_DEATHS = 3;
/** Services that keep running: NGINX handles the agents' calls, and the new registry makes it reload. The demo server is not a program of the gateway. */
const NOT_REPLACED = ['nginx', 'demo'];
/** Exit code: the services of this version differ from the running ones, so that a restart is needed. */
const EXIT_RESTART_NEEDED = 3;
const root = process.env['MCPGW_ROOT'] ?? resolve(import.meta.dirname, '..');

const pidOf = (folder: string) => Number(execFileSync('s6-svstat', ['-o', 'pid', folder], { encoding: 'utf8' }));

async function waitUntil(isDone: () => boolean | Promise<boolean>, settings: Settings, name: string): Promise<void> {
  const before = readDeaths(settings.dataDir, name).length;
  const until = Date.now() + READY_LIMIT_MS;
  while (!(await isDone())) {
    const isHopeless = readDeaths(settings.dataDir, name).length - before > HOPELESS_DEATHS;
    if (isHopeless || Date.now() > until)
      throw new StartError(
        `${name} of version ${VERSION} does not start; NGINX continues to serve as before. Its last log lines (${settings.logDir}/${name}/current):\n${readLogTail(settings.logDir, name)}`,
      );
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
}

async function isReady(dataDir: string): Promise<boolean> {
  try {
    const url = readFileSync(join(dataDir, 'run/registry.url'), 'utf8').trim();
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

/** Ends one program; s6 then starts the installed version. */
async function replace(name: string, settings: Settings): Promise<void> {
  const folder = join(scanFolder(settings.dataDir), name);
  const before = pidOf(folder);
  execFileSync('s6-svc', ['-r', folder]);
  await waitUntil(() => ![before, -1, 0].includes(pidOf(folder)), settings, name);
}

/**
 * Replaces the programs of a running gateway with the installed ones, while NGINX continues to serve: an upgrade loses no call.
 * Settings are those of the start; changed settings need a restart.
 */
await runOrExit(async () => {
  const settings = readSettings(process.env, root);
  const { dataDir } = settings;
  if (isRunLockFree(dataDir) || !existsSync(scanFolder(dataDir)))
    throw new StartError(`no gateway runs on ${dataDir}; start one with scripts/start.sh`);
  if (layoutOf(root) !== layoutOf(scanFolder(dataDir))) {
    console.error(`mcpgw: version ${VERSION} has other services than the running gateway; stop it and start it again`);
    process.exit(EXIT_RESTART_NEEDED);
  }
  await replace('registry', settings);
  await waitUntil(() => isReady(dataDir), settings, 'registry');
  for (const name of listServices(dataDir).filter((one) => one !== 'registry' && !NOT_REPLACED.includes(one)))
    await replace(name, settings);
  console.log(`mcpgw ${VERSION} runs on ${dataDir}.`);
});
