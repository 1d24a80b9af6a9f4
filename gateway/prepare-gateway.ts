import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SETTING_NAMES, type ConfigInput } from '../registry/contract/index.ts';
import { validateConfigFile } from '../registry/settings/config-file.ts';
import { readSettings } from '../registry/settings/settings.ts';
import { checkPorts, listListenPorts } from '../scripts/start/ports/check-ports.ts';
import { prepareDataFolder } from '../scripts/start/prepare-data-folder.ts';
import { asSystemUser } from '../scripts/start/privileges/as-system-user.ts';
import { handOver } from '../scripts/start/privileges/hand-over.ts';
import { dropPrivilegesCommand, ensureSystemUser } from '../scripts/start/privileges/system-user.ts';
import { listServiceNames, serviceEnvironment } from '../scripts/start/service-environment.ts';
import { waitForRunLock, type RunLock } from '../scripts/start/supervise/run-lock.ts';
import type { LocalAddress } from './request-local.ts';
import type { GatewayOptions } from './options.ts';

/** Everything that is known before a process is started. */
export interface Prepared {
  dataDir: string;
  /** Temporary folder, removed at the end. */
  folder: string;
  env: Record<string, string>;
  port: number;
  password: string | null;
  /** Names of scripts in scripts/services/. */
  services: string[];
  /** Address of its API on this machine. */
  local: LocalAddress;
  /** Prefix of each command: sets its user, and makes it end with this process. */
  become: string[];
  /** Lock of the data folder, held until every process that inherited it has ended. */
  lock: RunLock;
}

function findFreePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '0.0.0.0', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolvePort(port));
    });
  });
}

function readDocument({ config, servers = {} }: GatewayOptions): ConfigInput {
  const given = Object.entries(servers).map(([path, one]) => [path, typeof one === 'string' ? { url: one } : one]);
  const document = typeof config === 'object' ? config : {};
  return { ...document, servers: { ...document.servers, ...(Object.fromEntries(given) as ConfigInput['servers']) } };
}

/** The environment of the gateway: that of this process without its settings, which may be meant for another gateway, and the options. */
function createEnvironment(options: GatewayOptions, facts: { dataDir: string; port: number; password: string | null }) {
  const { dataDir, port, password } = facts;
  const outer = Object.entries(process.env).filter(
    ([name, value]) =>
      value !== undefined && !(SETTING_NAMES as readonly string[]).includes(name) && !name.startsWith('MCPGW_'),
  ) as [string, string][];
  return {
    ...Object.fromEntries(outer),
    GATEWAY_PORT: String(port),
    REGISTRY_PORT: '0',
    LOG_LEVEL: 'warn',
    ...(password !== null && { ADMIN_PASSWORD: password }),
    ...options.settings,
    DATA_DIR: dataDir,
  };
}

/** Chooses folder and port, writes the configuration and hands the folder over to the user that will run it. Throws RegistryError or StartError. */
export async function prepareGateway(root: string, options: GatewayOptions): Promise<Prepared> {
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-'));
  try {
    return await prepareIn(folder, root, options);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function prepareIn(folder: string, root: string, options: GatewayOptions): Promise<Prepared> {
  const dataDir = options.dataDir === undefined ? join(folder, 'data') : resolve(options.dataDir);
  const isNew = !existsSync(join(dataDir, 'mcpgw.db'));
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const port = options.port === undefined || options.port === 0 ? await findFreePort() : options.port;
  const password = isNew ? (options.settings?.['ADMIN_PASSWORD'] ?? randomBytes(18).toString('base64url')) : null;
  let file = typeof options.config === 'string' ? resolve(options.config) : null;
  if (file !== null && options.servers !== undefined)
    throw new TypeError('createGateway: servers cannot be combined with a configuration file; list them in the file');
  if (file === null) {
    file = join(folder, 'mcpgw.config.json');
    writeFileSync(file, JSON.stringify(readDocument(options), null, 2), { mode: 0o600 });
  }
  const env: Record<string, string> = {
    ...createEnvironment(options, { dataDir, port, password }),
    MCPGW_CONFIG: file,
  };
  // Checked here: with an invalid file the registry would continue with the configuration last applied in this folder.
  validateConfigFile(file, env);
  const settings = readSettings(env, root);
  waitForRunLock(dataDir);
  await checkPorts(listListenPorts(settings));
  const withParent = ['setpriv', '--pdeathsig=TERM', '--'];
  let become = withParent;
  let lock: RunLock;
  if (process.getuid?.() === 0) {
    const user = ensureSystemUser();
    chmodSync(folder, 0o711);
    if (typeof options.config !== 'string') chownSync(file, user.uid, user.gid);
    handOver(root, settings, user);
    become = [...dropPrivilegesCommand(port < 1024), ...withParent];
    lock = await asSystemUser(user, () => Promise.resolve(prepareDataFolder(settings)));
  } else lock = prepareDataFolder(settings);
  Object.assign(env, serviceEnvironment(root, settings));
  const local = {
    port: settings.tls?.port ?? port,
    isTls: settings.tls !== null,
    host: new URL(settings.gatewayUrl).host,
  };
  return { dataDir, folder, env, port, password, services: listServiceNames(settings), local, become, lock };
}
