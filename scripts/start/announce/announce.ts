import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readSettings, type Settings } from '../../../registry/settings/settings.ts';
import { DEMO_PATH, registerDemo } from '../demo/demo.ts';
import { removeShown, readFirstLogin } from './first-login.ts';
import { renderAnnouncement } from './announcement.ts';
import { runOrExit, StartError } from '../start-error.ts';
import { devCaFile } from '../tls/dev-certificate.ts';
import { waitUntilReady } from './wait-until-ready.ts';

const READY_LIMIT_MS = 60_000;
/** NGINX starts in parallel with the registry, which may have ended before NGINX responds. */
const NGINX_LIMIT_MS = 15_000;
const root = process.env['MCPGW_ROOT'] ?? resolve(import.meta.dirname, '..');
const withDemo = process.env['MCPGW_DEMO'] === 'yes';
const supervisor = Number(process.argv[2]);

function showProgress(waitedMs: number): void {
  const seconds = Math.round(waitedMs / 1000);
  if (process.stderr.isTTY) process.stderr.write(`\rStarting NGINX and the registry … ${seconds} s `);
  else if (seconds % 5 === 0) console.error(`Starting NGINX and the registry … ${seconds} s`);
}

function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

async function announce(settings: Settings): Promise<void> {
  const login = readFirstLogin(settings.dataDir);
  if (withDemo) {
    const admin = { username: settings.adminUser, password: settings.adminPassword ?? login?.password ?? null };
    const demoPort = Number(process.env['MCPGW_DEMO_PORT']);
    // Not through the gateway, whose certificate may be for other names than loopback.
    const registryUrl = readFileSync(join(settings.dataDir, 'run', 'registry.url'), 'utf8').trim();
    const { allowsPrograms } = settings;
    const problem = await registerDemo({ apiUrl: registryUrl, port: demoPort, admin, root, allowsPrograms }).catch(
      (error: unknown) => String(error),
    );
    if (problem !== null) console.error(`The demo is not registered: ${problem}`);
  }
  const onTerminal = process.stdout.isTTY;
  // The journal stores the output, and others can read it: secrets stay in their file.
  const isJournal = process.env['NOTIFY_SOCKET'] !== undefined;
  console.log(
    renderAnnouncement({
      ...settings,
      login: login !== null && isJournal ? { ...login, key: null } : login,
      onTerminal,
      demoPath: withDemo ? DEMO_PATH : null,
      devCaFile: settings.tls?.isDev === true ? devCaFile(settings.dataDir) : null,
    }),
  );
  if (login !== null) removeShown(login, { password: onTerminal, key: !isJournal });
  console.log('ready');
}

/** Notifies systemd, if it requested that (sd_notify(3)): "systemctl start" returns when the gateway serves. */
function notifyServiceManager({ gatewayUrl }: Settings, status = `Serves at ${gatewayUrl}`): void {
  if (process.env['NOTIFY_SOCKET'] === undefined) return;
  const { error } = spawnSync('systemd-notify', ['--ready', `--status=${status}`], { stdio: 'inherit' });
  if (error !== undefined) console.error(`mcpgw: systemd could not be notified (${error.message})`);
}

/** Waits until NGINX serves a configuration that was verified before, so that agents are served even without a registry; false if it does not. */
async function servesWithoutRegistry({ dataDir, gatewayPort }: Settings): Promise<boolean> {
  if (!existsSync(join(dataDir, 'verified'))) return false;
  const until = Date.now() + NGINX_LIMIT_MS;
  while (Date.now() < until && !hasEnded(supervisor)) {
    const options = { redirect: 'manual', signal: AbortSignal.timeout(2_000) } as const;
    const response = await fetch(`http://127.0.0.1:${gatewayPort}/healthz`, options).catch(() => null);
    if (response !== null) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/** Reports why there is no registry; throws `problem` if NGINX does not serve either. */
async function announceWithoutRegistry(settings: Settings, problem: unknown): Promise<void> {
  if (!(problem instanceof StartError) || !(await servesWithoutRegistry(settings))) throw problem;
  console.error(
    `mcpgw: ${problem.message}\nNGINX continues to serve agents as before; UI and API are not available. Correct this, then stop this gateway and start it again.`,
  );
  notifyServiceManager(settings, 'NGINX continues to serve as before; the registry does not start');
}

/** Waits until the gateway serves and prints its address, how to sign in and what an agent needs; else the reason, with exit code 1. */
await runOrExit(async () => {
  const settings = readSettings(process.env, root);
  // A closed pipe (`start.sh | head`) does not stop the gateway.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const waiting = waitUntilReady({
    ...settings,
    url: `http://127.0.0.1:${settings.gatewayPort}/readyz`,
    limitMs: READY_LIMIT_MS,
    services: ['registry', 'nginx'],
    progress: showProgress,
    cancelled: () => hasEnded(supervisor),
  });
  const ready = await waiting.catch((error: unknown) => announceWithoutRegistry(settings, error).then(() => null));
  if (ready === null) return;
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  if (!ready.published)
    console.error(
      `mcpgw: the registered servers could not be published, so generation ${ready.generation} of NGINX's configuration is served; GET /api/generations and ${settings.logDir}/registry/current show why. It is retried automatically.`,
    );
  await announce(settings);
  notifyServiceManager(settings);
});
