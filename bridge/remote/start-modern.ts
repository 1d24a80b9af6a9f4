import { BridgeError } from '../bridge-error.ts';
import type { NotificationMessage, Params } from '../connection/message.ts';
import { negotiateVersion } from '../connection/negotiate-version.ts';
import { createLocalConnection } from '../local/create-local-connection.ts';
import { INITIALIZE } from '../servers/initialize.ts';
import { createConfirmation, type Child } from '../servers/child.ts';
import { unused } from './connect-wire.ts';
import { explainFailure, explainStatus, isOffline, statusOf } from './explain-failure.ts';
import { connectModern, type ModernOptions } from './modern-peer.ts';
import type { RemoteOptions } from './wire.ts';

/** The protocol version for a client that requests no known version. */
const LEGACY = INITIALIZE['protocolVersion'];

function explain(path: string, error: unknown): BridgeError {
  if (isOffline(error)) return explainFailure(path, error);
  const status = statusOf(error);
  if (status !== undefined) return explainStatus(path, status);
  return new BridgeError(
    'broken_reply',
    `the server of "${path}" does not speak MCP 2026-07-28`,
    'Check that its URL is that of an MCP server.',
  );
}

/** Connects to a server of the protocol without sessions, for one client. Throws BridgeError. */
export async function startModern(
  at: Omit<ModernOptions, 'initialize' | 'onNotification'>,
  { initialize, onNotification }: RemoteOptions,
): Promise<Child> {
  const { path } = at;
  // The connection needs the peer, which may send notifications before the connection exists.
  const late: { broadcast: (message: NotificationMessage) => void } = { broadcast: () => undefined };
  const peer = await connectModern({
    ...at,
    initialize,
    onNotification(message) {
      late.broadcast(message);
      onNotification(message);
    },
  }).catch((error: unknown) => {
    throw explain(path, error);
  });
  const connection = createLocalConnection(peer);
  late.broadcast = ({ method, params }) => connection.broadcast(method, params);
  const ended = Promise.withResolvers<BridgeError>();
  const end = async (error: BridgeError) => {
    connection.end(error);
    await peer.close();
    ended.resolve(error);
  };
  const initialized: Params = { ...peer.initialized, protocolVersion: LEGACY };
  return {
    isModern: true,
    pid: 0,
    startedAt: Date.now(),
    initialized: negotiateVersion(initialized, initialize),
    connection,
    ...createConfirmation(connection),
    ended: ended.promise,
    stop: () => end(unused(path)),
    kill: (error) => void end(error),
  };
}
