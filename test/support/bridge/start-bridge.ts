import { chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Agent, fetch as undiciFetch } from 'undici';
import {
  bridgeFile,
  confinement as parseConfinement,
  type BridgeOutput,
  type BridgeStatus,
  type Confinement,
  type ProcessOptions,
} from '../../../registry/contract/index.ts';
import { ROOT } from '../gateway/start-gateway.ts';
import { runProgram, type RunningProgram } from '../processes/run-program.ts';
import { waitFor } from '../wait-for.ts';

export interface BridgedProgram {
  command: string;
  args: string[];
  env?: Record<string, string>;
  process?: Partial<ProcessOptions>;
  cwd?: string | null;
  /** Omitted fields deny access; absent: it is not confined. */
  confinement?: Partial<Confinement>;
}

/** A bridge without registry and NGINX: the test writes the files of the registry. */
export interface RunningBridge {
  program: RunningProgram;
  /** Its folder, which also contains its data. */
  folder: string;
  /** Writes the file of a server, as the registry does. */
  register: (id: string, program: BridgedProgram) => void;
  remove: (id: string) => void;
  status: (id: string) => Promise<BridgeStatus>;
  /** Starts it once, as registering does. */
  check: (id: string) => Promise<BridgeStatus>;
  output: (id: string) => Promise<BridgeOutput>;
  /** Sends HTTP requests to the socket. */
  fetch: typeof fetch;
  connect: (
    id: string,
    capabilities?: object,
    key?: string,
  ) => Promise<{ client: Client; transport: StreamableHTTPClientTransport }>;
  /** Closes every connection of the test to it, which would stay open for seconds; the next request opens another. */
  hangUp: () => Promise<void>;
  close: () => Promise<void>;
}

/** The flags and memory limits with which the gateway starts it, so that a bench measures the same. */
function readStart(): { flags: string[]; limits: Record<string, string> } {
  const script = readFileSync(join(ROOT, 'scripts/services/bridge.sh'), 'utf8');
  const limits = [...script.matchAll(/\b(MALLOC_\w+)=(\d+)/g)].map(([, name = '', value = '']) => [name, value]);
  const flags = /^exec "\$MCPGW_NODE" (.+) dist\/bridge\.js$/m.exec(script)?.[1]?.split(' ');
  if (flags === undefined || limits.length === 0)
    throw new Error('scripts/services/bridge.sh: no start of dist/bridge.js with limits of memory; adapt readStart');
  return { flags, limits: Object.fromEntries(limits) as Record<string, string> };
}

/**
 * Starts the built bridge as the gateway does. `env` is its own environment, in which references of programs are resolved. `user`: started by
 * root, it becomes that user and may listen on ports below 1024, as a gateway that root starts.
 */
export async function startBridge(
  env: Record<string, string> = {},
  { user }: { user?: number } = {},
): Promise<RunningBridge> {
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-bridge-'));
  const socket = join(folder, 'bridge.sock');
  mkdirSync(join(folder, 'servers'));
  const { flags, limits } = readStart();
  const ids = user === undefined ? [] : [`--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
  const right = ['--inh-caps=+net_bind_service', '--ambient-caps=+net_bind_service', '--'];
  const words = [
    ...(user === undefined ? [] : ['setpriv', ...ids, ...right]),
    ...[join(ROOT, 'node_modules/.bin/node'), ...flags, join(ROOT, 'dist/bridge.js')],
  ];
  const own = (path: string) => user !== undefined && chownSync(path, user, user);
  own(folder);
  own(join(folder, 'servers'));
  const [command = '', ...args] = words;
  const program = runProgram(command, args, {
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      BRIDGE_SOCKET: socket,
      BRIDGE_DIR: folder,
      ACCESS_DIR: join(folder, 'access'),
      INNER_SOCKET: join(folder, 'inner.sock'),
      ...limits,
      ...env,
    },
  });
  await program.line(/^bridge: ready/);
  const createAgent = () => new Agent({ connect: { socketPath: socket }, headersTimeout: 0, bodyTimeout: 0 });
  let agent = createAgent();
  const fetchSocket = ((input: string | URL, init?: object) =>
    undiciFetch(input, { ...init, dispatcher: agent })) as unknown as typeof fetch;
  const ask = async <T>(path: string, method = 'GET') =>
    (await (await fetchSocket(`http://bridge.localhost/${path}`, { method })).json()) as T;
  const fileOf = (id: string) => join(folder, 'servers', `${id}.json`);
  return {
    program,
    folder,
    fetch: fetchSocket,
    register(id, { command, args, env: own = {}, process: options = {}, cwd = null, confinement }) {
      const confined = confinement === undefined ? null : parseConfinement.parse(confinement);
      const described = { command, args, cwd, process: options, confinement: confined };
      const file = { v: 1, id, path: id, program: described, env: own };
      writeFileSync(fileOf(id), JSON.stringify(bridgeFile.parse(file)));
    },
    remove: (id) => rmSync(fileOf(id)),
    status: (id) => ask(`${id}/status`),
    check: (id) => ask(`${id}/check`, 'POST'),
    output: (id) => ask(`${id}/output`),
    async connect(id, capabilities = {}, key = 'a key') {
      const client = new Client({ name: 'test', version: '1' }, { capabilities });
      const transport = new StreamableHTTPClientTransport(new URL(`http://bridge.localhost/${id}/mcp`), {
        fetch: fetchSocket,
        requestInit: { headers: { Authorization: `Bearer ${key}` } },
      });
      await client.connect(transport);
      return { client, transport };
    },
    async hangUp() {
      const used = agent;
      agent = createAgent();
      await used.destroy();
    },
    async close() {
      await agent.destroy();
      await program.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until the bridge runs no process of a server. */
export function waitUntilIdle(bridge: RunningBridge, id: string): Promise<BridgeStatus> {
  return waitFor(`no process of ${id}`, async () => {
    const status = await bridge.status(id);
    return status.processes.length === 0 && status;
  });
}
