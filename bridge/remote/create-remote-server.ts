import { isDeepStrictEqual } from 'node:util';
import type { McpFile, ProcessOptions } from '@mcpgw/registry/contract';
import { BridgeError } from '../bridge-error.ts';
import type { Caller } from '../connection/caller.ts';
import type { Outcome } from '../connection/message.ts';
import type { Capacity } from '../servers/capacity.ts';
import type { Child } from '../servers/child.ts';
import { createServer, type RegisteredServer } from '../servers/create-server.ts';
import type { Upstream } from '../upstream/create-upstream.ts';
import { startRemote } from './start-remote.ts';
import type { Target } from './wire.ts';

export interface RemoteDeps {
  upstream: Upstream;
  /** Limit of connections to all servers. */
  capacity: Capacity;
}

/** Connections to one server. */
const MAX_CONNECTIONS = 1_000;
/** Over HTTP: a stream for each session, and its requests. */
const MAX_SOCKETS = 4_096;
const START_S = 30;
const REACH_MS = 4_000;
const LINGER_MS = 10_000;
/** A list of tools is requested again after this time. */
const RELIST_MS = 10 * 60_000;
const LOST = ['call_timed_out', 'connection_lost', 'unreachable', 'backend_refused'];
const SELF: Caller = { isBridge: true, deliver: () => undefined };
/** The same as for an unused session of a client. */
const IDLE_S = 3_600;

const limitsOf = ({ callMs }: McpFile): ProcessOptions => ({
  sharing: 'session',
  idleTimeoutS: IDLE_S,
  startTimeoutS: START_S,
  callTimeoutS: Math.ceil(callMs / 1_000),
  maxProcesses: MAX_CONNECTIONS,
  memoryMb: null,
});

const tooMany = (path: string, limit: number) =>
  new BridgeError(
    'program_busy',
    `"${path}" has ${limit} connections already, all with calls in progress`,
    'Try again when one of them has responded.',
  );

/** Why a server that was pinged is unavailable; undefined: it responded, possibly with the error that it does not support ping. */
function findProblem(outcome: Outcome): string | undefined {
  if (!('error' in outcome)) return undefined;
  const { reason } = (outcome.error.data ?? {}) as { reason?: string };
  return LOST.includes(reason ?? '') ? outcome.error.message : undefined;
}

async function ping({ connection }: Child): Promise<void> {
  const outcome = await connection.request(SELF, { jsonrpc: '2.0', id: 'ping', method: 'ping' }, REACH_MS);
  const problem = findProblem(outcome);
  if (problem !== undefined) throw new Error(problem);
}

/** A remote MCP server that is offered in every protocol version: each session of a client has its own connection. */
export function createRemoteServer(first: McpFile, { upstream, capacity }: RemoteDeps): RegisteredServer<McpFile> {
  const reach = (file: McpFile): Target => ({ file, upstream, agent: upstream.createAgent(file, MAX_SOCKETS) });
  let target = reach(first);
  const server = createServer(first, {
    capacity,
    full: tooMany,
    limits: limitsOf,
    start: (_, options) => startRemote({ ...options, target, timeoutMs: START_S * 1_000 }),
  });

  async function checkConnection(): Promise<void> {
    const [running] = server.children();
    if (running !== undefined) await ping(running);
    await server.check(RELIST_MS);
  }

  return {
    ...server,
    // Connections are opened and closed; nothing is started here.
    starts: () => 0,
    change(next) {
      if (next === target.file) return;
      const before = target;
      server.change(next);
      if (isDeepStrictEqual({ ...next, path: '' }, { ...before.file, path: '' })) {
        target = { ...before, file: next };
        return;
      }
      target = reach(next);
      // Until then its connections can end their sessions.
      setTimeout(() => void before.agent.destroy(), LINGER_MS).unref();
    },
    async close() {
      await server.close();
      void target.agent.destroy();
    },
    async condition() {
      const began = performance.now();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`it did not answer within ${REACH_MS / 1_000} s`)), REACH_MS);
      });
      try {
        await Promise.race([checkConnection(), late]);
        const latencyMs = Math.round((performance.now() - began) * 10) / 10;
        return { state: 'running', problem: null, remedy: null, latencyMs };
      } catch (error) {
        const remedy = error instanceof BridgeError ? error.hint : 'Start the server, or correct its URL.';
        return { state: 'failed', problem: (error as Error).message, remedy };
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
