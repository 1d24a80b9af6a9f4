import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CallLogLine } from '../../../registry/contract/gate/call-log.ts';
import { buildGate } from '../../../nginx/gate/build/build-gate.ts';
import { loadTemplates } from '../../../registry/publishing/render/load-templates.ts';
import { createRender } from '../../../registry/publishing/render/render.ts';
import type {
  PlannedEndpoint,
  PlannedGateway,
  PlannedInstance,
  PlannedServer,
} from '../../../registry/publishing/plan/route-plan.ts';
import { findFreePorts } from '../processes/free-ports.ts';
import { createAccessFolder, type AccessFolder } from './access-folder.ts';
import type { NginxKind } from './nginx-kinds.ts';
import { createFolders, removeFolders, startNginx, type NginxFolders, type RunningNginx } from './start-nginx.ts';

const render = createRender(loadTemplates());

/** A server for a test: what differs from the defaults; the value of each of its credentials is `own-<name>`. */
export type GateServer = Partial<PlannedServer> & Pick<PlannedServer, 'path'> & { credentialNames?: readonly string[] };

export interface RunningGate {
  url: string;
  port: number;
  folders: NginxFolders;
  access: AccessFolder;
  nginx: RunningNginx;
  /** Renders these servers, writes their access files, and reloads. */
  publish: (servers: readonly GateServer[], gateway?: Partial<PlannedGateway>) => Promise<void>;
  /** Kills NGINX with all its workers at once and starts it again with the same rendering. */
  killAndStart: (between?: () => void) => Promise<void>;
  /** The lines of calls.log, each parsed. */
  calls: () => CallLogLine[];
  close: () => Promise<void>;
}

/** The endpoint of a URL of a test's backend. */
export function planEndpoint(url: string, more: Partial<PlannedEndpoint> = {}): PlannedEndpoint {
  const { protocol, hostname, port, host, pathname } = new URL(url);
  const scheme = protocol === 'https:' ? 'https' : 'http';
  return {
    scheme,
    address: hostname,
    port: port === '' ? (scheme === 'https' ? 443 : 80) : Number(port),
    host,
    tlsName: scheme === 'https' ? hostname : null,
    uri: pathname,
    ...more,
  };
}

/** An instance with a Streamable HTTP endpoint, unless `more` changes that. */
export function planInstance(id: string, mcpUrl: string | null, more: Partial<PlannedInstance> = {}): PlannedInstance {
  const mcp = mcpUrl === null ? null : planEndpoint(mcpUrl);
  return { id, mcp, sse: null, hasQuery: false, ...more };
}

function completeServer(server: GateServer, index: number): PlannedServer & Pick<GateServer, 'credentialNames'> {
  return {
    id: `s${index}`,
    hostMode: 'upstream',
    timeouts: { connectMs: 5_000, readMs: 86_400_000, sendMs: 60_000 },
    instances: [],
    ...server,
  };
}

/**
 * Starts a real NGINX with the real gate in front of these servers (`id` is s0, s1 … unless set), on a free port of loopback. Access files of
 * servers are written; agents are added by the test (`access.addAgent`).
 */
export async function startGate(
  kind: NginxKind,
  servers: readonly GateServer[],
  gateway: Partial<PlannedGateway> = {},
): Promise<RunningGate> {
  const bundle = await buildGate();
  const folders = createFolders();
  const access = createAccessFolder(folders.accessDir);
  const [port = 0, registryPort = 0] = await findFreePorts(2);
  let number = 1;
  function renderAll(list: readonly GateServer[], more: Partial<PlannedGateway>) {
    const complete = list.map(completeServer);
    for (const server of complete)
      access.putServer(server.id, {
        instances: server.instances.map(({ id }) => ({ id, up: true })),
        credentials: Object.fromEntries((server.credentialNames ?? []).map((name) => [name, `own-${name}`])),
      });
    const planned: PlannedGateway = {
      port,
      tls: null,
      hosts: ['gateway.test'],
      origins: ['https://chat.test'],
      maxBodyBytes: 4 * 1024 * 1024,
      connectionsPerAddress: 2_000,
      drainTimeoutS: 30,
      registry: `127.0.0.1:${registryPort}`,
      accessDir: folders.accessDir,
      logDir: folders.logDir,
      runDir: folders.runDir,
      workers: 1,
      ...gateway,
      ...more,
    };
    const sorted = complete.sort((one, other) => (one.path < other.path ? -1 : 1));
    return render({ gateway: planned, servers: sorted }, kind.facts, number, bundle);
  }
  try {
    let rendering = renderAll(servers, {});
    let nginx = await startNginx(kind, folders, rendering, number);
    return {
      url: `http://127.0.0.1:${port}`,
      port,
      folders,
      access,
      get nginx() {
        return nginx;
      },
      publish: async (next, more = {}) => {
        number += 1;
        rendering = renderAll(next, more);
        await nginx.reload(rendering, number);
      },
      killAndStart: async (between = () => {}) => {
        await nginx.kill();
        // As the supervisor's script does: a master that was killed leaves its sockets.
        for (const name of readdirSync(folders.runDir)) if (name.endsWith('.sock')) rmSync(join(folders.runDir, name));
        between();
        nginx = await startNginx(kind, folders, rendering, number);
      },
      calls: () =>
        readFileSync(join(folders.logDir, 'calls.log'), 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as CallLogLine),
      close: async () => {
        await nginx.close();
        removeFolders(folders);
      },
    };
  } catch (error) {
    removeFolders(folders);
    throw error;
  }
}
