import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Agent, fetch as undiciFetch } from 'undici';
import {
  bridgeFile,
  type BridgeOutput,
  type BridgeStatus,
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
}

/** A bridge of its own, without registry and NGINX: the test writes what the registry would. */
export interface RunningBridge {
  program: RunningProgram;
  /** Writes the file of a server, as the registry does. */
  register: (id: string, program: BridgedProgram) => void;
  remove: (id: string) => void;
  status: (id: string) => Promise<BridgeStatus>;
  /** Starts it once, as registering does. */
  check: (id: string) => Promise<BridgeStatus>;
  output: (id: string) => Promise<BridgeOutput>;
  /** Speaks HTTP with the socket. */
  fetch: typeof fetch;
  connect: (
    id: string,
    capabilities?: object,
    key?: string,
  ) => Promise<{ client: Client; transport: StreamableHTTPClientTransport }>;
  close: () => Promise<void>;
}

/** Starts the built bridge. `env` is its own environment, where programs' references are read. */
export async function startBridge(env: Record<string, string> = {}): Promise<RunningBridge> {
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-bridge-'));
  const socket = join(folder, 'bridge.sock');
  mkdirSync(join(folder, 'servers'));
  const program = runProgram(join(ROOT, 'node_modules/.bin/node'), [join(ROOT, 'dist/bridge.js')], {
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      BRIDGE_SOCKET: socket,
      BRIDGE_DIR: folder,
      ACCESS_DIR: join(folder, 'access'),
      INNER_SOCKET: join(folder, 'inner.sock'),
      ...env,
    },
  });
  await program.line(/^bridge: ready/);
  const agent = new Agent({ connect: { socketPath: socket }, headersTimeout: 0, bodyTimeout: 0 });
  const fetchSocket = ((input: string | URL, init?: object) =>
    undiciFetch(input, { ...init, dispatcher: agent })) as unknown as typeof fetch;
  const ask = async <T>(path: string, method = 'GET') =>
    (await (await fetchSocket(`http://bridge.localhost/${path}`, { method })).json()) as T;
  const fileOf = (id: string) => join(folder, 'servers', `${id}.json`);
  return {
    program,
    fetch: fetchSocket,
    register(id, { command, args, env: own = {}, process: options = {} }) {
      const file = { v: 1, id, path: id, program: { command, args, cwd: null, process: options }, env: own };
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
