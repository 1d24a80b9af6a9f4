import type { BridgeStatus } from '@mcpgw/registry/contract';
import type { Caller } from '../connection/caller.ts';
import type { Params } from '../connection/message.ts';
import type { Child } from '../servers/child.ts';
import type { Server } from '../servers/create-server.ts';

interface StatusOptions {
  sessions: number;
  /** Processes, each with the bytes of its process tree. */
  memory: ReadonlyMap<number, number>;
  /** The hash of the list that the caller already has. */
  knownHash: string | null;
}

const MEGABYTE = 1024 * 1024;
const SELF: Caller = { isBridge: true, deliver: () => undefined };
const PING_MS = 2_000;

async function ping(server: Server): Promise<number | 'silent' | null> {
  const [child] = server.children();
  if (child === undefined) return null;
  const began = performance.now();
  const answered = child.connection.request(SELF, { jsonrpc: '2.0', id: 'ping', method: 'ping' }).then(() => true);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), PING_MS)));
  const isAlive = await Promise.race([answered, late]);
  clearTimeout(timer);
  if (!isAlive) child.connection.cancel(SELF, { requestId: 'ping' });
  return isAlive ? Math.round((performance.now() - began) * 10) / 10 : 'silent';
}

/** The running processes of a server. `memory`: processes, each with the bytes of its process tree. */
export function showProcesses(
  children: readonly Child[],
  memory: ReadonlyMap<number, number>,
): BridgeStatus['processes'] {
  return children.map(({ pid, startedAt, connection }) => {
    const bytes = memory.get(pid);
    return {
      pid,
      startedAt: new Date(startedAt).toISOString(),
      calls: connection.count(),
      memoryMb: bytes === undefined ? null : Math.round(bytes / MEGABYTE),
    };
  });
}

/** The status of a server. A running process is pinged; none is started, and no idle timeout is reset. */
export async function showStatus(server: Server, options: StatusOptions): Promise<BridgeStatus> {
  const own = await server.condition?.();
  const latency = own === undefined ? await ping(server) : null;
  const children = server.children();
  const known = server.known();
  const { initialized = {}, tools = null, toolsHash = null } = known ?? {};
  const problem = server.problem();
  const isSilent = latency === 'silent';
  return {
    state: children.length > 0 ? (isSilent ? 'failed' : 'running') : problem === null ? 'idle' : 'failed',
    processes: showProcesses(children, options.memory),
    sessions: options.sessions,
    starts: server.starts(),
    protocolVersion: typeof initialized['protocolVersion'] === 'string' ? initialized['protocolVersion'] : null,
    serverInfo: (initialized['serverInfo'] as BridgeStatus['serverInfo']) ?? null,
    capabilities: (initialized['capabilities'] as Params | undefined) ?? {},
    tools: toolsHash !== null && toolsHash === options.knownHash ? null : tools,
    toolsHash,
    latencyMs: typeof latency === 'number' ? latency : null,
    problem: isSilent ? `its process did not answer ping within ${PING_MS / 1_000} s` : (problem?.message ?? null),
    remedy: isSilent ? 'It may be busy with a call; see its output.' : (problem?.hint ?? null),
    ...own,
  };
}
