import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readSettings, type Settings } from '../../registry/settings.ts';
import { chooseDemoPort, DEMO_PATH, registerDemo } from './demo.ts';
import { forgetShown, readFirstLogin } from './first-login.ts';
import { renderGreeting } from './greeting.ts';
import { runOrRefuse, StartRefused } from './refuse.ts';
import { forgetOtherRendering } from './rendered-for.ts';
import { releaseRunLock, takeRunLock } from './run-lock.ts';
import { writeServiceFolders } from './service-folders.ts';
import { startSupervisor, stopSupervisor } from './supervisor.ts';
import { waitUntilReady } from './wait-until-ready.ts';

const READY_LIMIT_MS = 60_000;
const root = process.env['MCPGW_ROOT'] ?? resolve(import.meta.dirname, '../..');
const withDemo = process.env['MCPGW_DEMO'] === 'yes';

function listServices(): string[] {
  return [
    'registry',
    'nginx',
    ...(existsSync(join(root, 'mcpgw-server/main.ts')) ? ['mcpgw-server'] : []),
    ...(withDemo ? ['demo'] : []),
  ];
}

/** Where a program on this machine reaches what listens on `host`. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function showProgress(waitedMs: number): void {
  const seconds = Math.round(waitedMs / 1000);
  if (process.stderr.isTTY) process.stderr.write(`\rStarting NGINX and the registry … ${seconds} s `);
  else if (seconds % 5 === 0) console.error(`Starting NGINX and the registry … ${seconds} s`);
}

async function greet(settings: Settings, demoPort: number): Promise<void> {
  const login = readFirstLogin(settings.dataDir);
  if (withDemo) {
    const admin = { username: settings.adminUser, password: settings.adminPassword ?? login?.password ?? null };
    const problem = await registerDemo(`http://127.0.0.1:${settings.gatewayPort}`, demoPort, admin).catch(
      (error: unknown) => String(error),
    );
    if (problem !== null) console.error(`The demo server is not registered: ${problem}`);
  }
  const onTerminal = process.stdout.isTTY;
  console.log(
    renderGreeting({
      ...settings,
      login,
      onTerminal,
      serverPath: withDemo ? DEMO_PATH : 'weather',
    }),
  );
  if (login !== null) forgetShown(login, { password: onTerminal, key: true });
  console.log('ready');
}

/** Ends everything once, however often it is asked. */
function makeStop(
  dataDir: string,
  supervisor: ChildProcess,
): { requested: boolean; stop: (code: number) => Promise<void> } {
  const state = {
    requested: false,
    stop: async (code: number) => {
      if (state.requested) return;
      state.requested = true;
      await stopSupervisor(supervisor);
      releaseRunLock(dataDir);
      process.exit(code);
    },
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (signal === 'SIGHUP' && process.env['MCPGW_IGNORE_HANGUP'] === 'yes') return;
      if (!state.requested) console.error('\nStopping …');
      void state.stop(0);
    });
  const giveUp = (why: string) => {
    if (state.requested) return;
    console.error(`mcpgw: ${why}`);
    releaseRunLock(dataDir);
    process.exit(1);
  };
  supervisor.once('error', (error) => giveUp(`s6-svscan cannot be started: ${error.message}`));
  supervisor.once('exit', () => giveUp('the supervisor (s6-svscan) ended by itself; stopping'));
  return state;
}

await runOrRefuse(async () => {
  const settings = readSettings(process.env, root);
  if (!takeRunLock(settings.dataDir)) throw new StartRefused(`another start on ${settings.dataDir} was quicker`);
  const demoPort = withDemo ? await chooseDemoPort(settings.dataDir) : 0;
  writeServiceFolders(root, settings.dataDir, listServices());
  forgetOtherRendering(settings);
  // A reader that went away (`start.sh | head`) does not stop the gateway.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const supervisor = startSupervisor(settings.dataDir, {
    ...process.env,
    HOME: settings.dataDir,
    MCPGW_ROOT: root,
    MCPGW_DATA_DIR: settings.dataDir,
    MCPGW_LOG_DIR: settings.logDir,
    MCPGW_NGINX_BIN: settings.nginxBin,
    MCPGW_DEMO_PORT: String(demoPort),
    MCPGW_MANAGEMENT_PORT: String(settings.managementPort),
    MCPGW_REGISTRY_URL: `http://${reachableHost(settings.registryHost)}:${settings.registryPort}`,
    MCPGW_GATEWAY_URL: settings.gatewayUrl,
    MCPGW_ALLOWED_ORIGINS: settings.allowedOrigins.join(','),
  });
  const state = makeStop(settings.dataDir, supervisor);
  try {
    const ready = await waitUntilReady({
      ...settings,
      url: `http://127.0.0.1:${settings.gatewayPort}/readyz`,
      limitMs: READY_LIMIT_MS,
      services: ['registry', 'nginx'],
      progress: showProgress,
      cancelled: () => state.requested,
    });
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    if (ready === null) return;
    if (!ready.published)
      console.error(
        `mcpgw: the servers as they are registered could not be published, so generation ${ready.generation} of NGINX's configuration serves; GET /api/generations and ${settings.logDir}/registry/current say why. It is tried again by itself.`,
      );
    await greet(settings, demoPort);
  } catch (thrown) {
    if (state.requested) return;
    console.error(`mcpgw: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    await state.stop(1);
  }
});
