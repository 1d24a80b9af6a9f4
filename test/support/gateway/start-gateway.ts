import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Grant, Role, ServerChange } from '../../../registry/contract/index.ts';
import { signIn, type AdminClient } from './admin-client.ts';
import { findFreePorts } from '../processes/free-ports.ts';
import { runProgram, type RunningProgram } from '../processes/run-program.ts';
import { runWithoutSupervisor } from './run-without-supervisor.ts';

export const ROOT = resolve(import.meta.dirname, '../../..');

export interface GatewayOptions {
  /** True (default): scripts/start.sh, with s6, as in production. False: the registry and NGINX alone, which starts sooner and restarts nothing. */
  supervised?: boolean;
  /** Settings in addition to those that every test gateway has. */
  env?: Record<string, string>;
  /** Arguments of start.sh, such as --demo. */
  args?: string[];
  /** An existing data folder to start on again; it is kept at close. */
  dataDir?: string;
  /** A checkout other than this one. */
  root?: string;
}

export interface Gateway {
  /** http://127.0.0.1:<port>, through NGINX; with TLS it only refers to https. */
  url: string;
  /** The registry itself. */
  registryUrl: string;
  dataDir: string;
  logDir: string;
  env: Record<string, string>;
  admin: AdminClient;
  program: RunningProgram;
  /** Registers a server and waits until it is live; throws when the API refuses it. */
  register: (input: Record<string, unknown>) => Promise<ServerChange>;
  /** Creates an agent with one key. Grants as in the API, or path patterns for whole servers. */
  createAgent: (
    grants: (string | Grant)[],
    more?: { name?: string; role?: Role },
  ) => Promise<{ name: string; key: string; keyId: string }>;
  /** Stops everything and removes the folder. */
  close: () => Promise<void>;
}

const PASSWORD = `test-${randomBytes(12).toString('hex')}`;
let agents = 0;

/** The settings of a separate gateway: free ports, its own folder, its own password. */
export async function createGatewayEnv(
  dataDir: string,
  more: Record<string, string> = {},
): Promise<Record<string, string>> {
  const [gateway, registry] = await findFreePorts(2);
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '/',
    DATA_DIR: dataDir,
    GATEWAY_PORT: String(gateway),
    REGISTRY_PORT: String(registry),
    ADMIN_PASSWORD: PASSWORD,
    LOG_LEVEL: 'info',
    MCPGW_SKIP_BUILD: 'yes',
    MCPGW_END_WITH_PARENT: 'yes',
    ...more,
  };
}

/** Operations of tests on a running gateway, as its administrator. */
export function operateAs(admin: AdminClient): Pick<Gateway, 'admin' | 'register' | 'createAgent'> {
  return {
    admin,
    register: (input) => admin.must<ServerChange>('POST', '/api/servers', input),
    async createAgent(grants, more = {}) {
      const name = more.name ?? `agent-${++agents}`;
      const list = grants.map((one) => (typeof one === 'string' ? { server: one } : one));
      await admin.must('POST', '/api/agents', {
        name,
        grants: list,
        ...(more.role === undefined ? {} : { role: more.role }),
      });
      const { id, key } = await admin.must<{ id: string; key: string }>('POST', `/api/agents/${name}/keys`, {});
      return { name, key, keyId: id };
    },
  };
}

/** Starts a whole gateway on free ports in a new folder (below a 0700 temp folder) and signs in. Close it in `afterAll`. */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const root = options.root ?? ROOT;
  const parent = options.dataDir === undefined ? mkdtempSync(join(tmpdir(), 'mcpgw-test-')) : null;
  const dataDir = options.dataDir ?? join(parent ?? '', 'data');
  const env = await createGatewayEnv(dataDir, options.env);
  const program =
    options.supervised === false
      ? await runWithoutSupervisor(root, env)
      : runProgram(join(root, 'scripts/start.sh'), options.args ?? [], { env, cwd: root });
  const close = async () => {
    await program.stop();
    if (parent !== null) rmSync(parent, { recursive: true, force: true });
  };
  try {
    await program.line(/^ready$/);
    const url = `http://127.0.0.1:${env['GATEWAY_PORT']}`;
    const registryUrl = `http://127.0.0.1:${env['REGISTRY_PORT']}`;
    const hasTls = env['TLS_CERT'] !== undefined || env['TLS_DEV'] === 'yes';
    const admin = await signIn(
      hasTls ? registryUrl : url,
      env['ADMIN_USER'] ?? 'admin',
      env['ADMIN_PASSWORD'] ?? PASSWORD,
    );
    return {
      url,
      registryUrl,
      dataDir,
      logDir: env['LOG_DIR'] ?? join(dataDir, 'logs'),
      env,
      program,
      ...operateAs(admin),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
