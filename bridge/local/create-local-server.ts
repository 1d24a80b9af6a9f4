import type { ProcessOptions } from '@mcpgw/registry/contract';
import { BridgeError } from '../bridge-error.ts';
import type { NotificationMessage, Params } from '../connection/message.ts';
import { negotiateVersion } from '../connection/negotiate-version.ts';
import { createOutputLog } from '../programs/output-log.ts';
import { createCapacity } from '../servers/capacity.ts';
import { createPool } from '../servers/create-pool.ts';
import type { Server } from '../servers/create-server.ts';
import { INITIALIZE } from '../servers/initialize.ts';
import type { Child } from '../servers/child.ts';
import { createLocalConnection, type LocalConnection } from './create-local-connection.ts';
import type { Peer } from './peer.ts';

export interface LocalServerOptions {
  path: () => string;
  limits: () => ProcessOptions;
  /** Result of `initialize`. */
  initialized: () => Params;
  /** Creates the server for one client; `initialize` has the parameters that it sent. */
  createPeer: (initialize: Params) => Peer;
}

export interface LocalServer extends Server {
  /** Notifies every client that the tool list has changed. */
  toolsChanged: () => void;
}

/** Peers of one server: clients with a session have one each, the others one for each key. */
const MAX_PEERS = 5_000;

const PEERS = { name: 'clients of this server', hint: 'Try again when others have ended their sessions.' };
const full = (path: string, limit: number) =>
  new BridgeError('program_busy', `"${path}" serves ${limit} clients already, all with calls in progress`, PEERS.hint);

/** A server inside the bridge behind the same sessions, eras and limits as a program. */
export function createLocalServer({ path, limits, initialized, createPeer }: LocalServerOptions): LocalServer {
  const output = createOutputLog();
  const connections = new Set<LocalConnection>();
  let listener: (message: NotificationMessage) => void = () => undefined;

  function start(initialize: Params): Promise<Child> {
    const peer = createPeer(initialize);
    const connection = createLocalConnection(peer);
    const ended = Promise.withResolvers<BridgeError>();
    connections.add(connection);
    const end = async (error: BridgeError) => {
      connections.delete(connection);
      connection.end(error);
      await peer.close();
      ended.resolve(error);
    };
    return Promise.resolve({
      pid: 0,
      startedAt: Date.now(),
      initialized: negotiateVersion(initialized(), initialize),
      connection,
      confirm: () => undefined,
      confirmed: Promise.resolve(undefined),
      ended: ended.promise,
      stop: () => end(new BridgeError('program_ended', `"${path()}" was idle for too long`, 'Call again.')),
      kill: (error) => void end(error),
    });
  }
  const pool = createPool({ path, limits, start, full, capacity: createCapacity(MAX_PEERS, PEERS) });

  return {
    path,
    limits,
    output,
    // It is part of the bridge, not a separate process.
    starts: () => 0,
    known: () => ({ initialized: initialized(), tools: null, toolsHash: null }),
    acquire: (owner, initialize = INITIALIZE) => pool.acquire(owner, initialize),
    check: () => Promise.resolve(),
    onNotification: (given) => void (listener = given),
    toolsChanged() {
      const method = 'notifications/tools/list_changed';
      listener({ jsonrpc: '2.0', method });
      for (const connection of connections) connection.broadcast(method);
    },
    close: () => pool.reset(),
    ...{ release: pool.release, children: pool.children, problem: pool.problem, enforce: pool.enforce },
  };
}
