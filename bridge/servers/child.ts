import type { BridgeError } from '../bridge-error.ts';
import type { Caller } from '../connection/caller.ts';
import type { Connection } from '../connection/create-connection.ts';
import type { NotificationMessage, Params, RpcError } from '../connection/message.ts';
import type { OutputLog } from '../programs/output-log.ts';

/** The transport to a server: the pipes of a program, or a connection to a remote server. */
export interface Link {
  /** Process group of a program; 0: there is none. */
  pid: number;
  connection: Connection;
  /** Resolves when it has ended, for any reason. */
  ended: Promise<BridgeError>;
  stop: () => Promise<void>;
  /** Ends it at once; its calls end with `error`. */
  kill: (error: BridgeError) => void;
}

/** A server that completed its handshake. */
export interface Child extends Link {
  /** It speaks the modern protocol: it requests input from a client in its results (`input_required`), and accepts the answers. */
  isModern?: true;
  startedAt: number;
  /** Result of its `initialize`. */
  initialized: Params;
  /** Sends `notifications/initialized`, once; nothing else is sent before. */
  confirm: () => void;
  confirmed: Promise<unknown>;
}

/** How a server is started for one client, or for several that share it. */
export interface StartOptions {
  /** The parameters of `initialize` of the client, or of the bridge for many clients. */
  initialize: Params;
  output: OutputLog;
  onNotification: (message: NotificationMessage) => void;
}

export interface InitializeOptions {
  /** The parameters of `initialize` of the client, or of the bridge for many clients. */
  initialize: Params;
  timeoutMs: number;
  /** Why there is no result; if the link has ended, its own error takes precedence. */
  explain: (error: RpcError) => BridgeError;
}

/** The part of a child that notifies the server once that the handshake is complete, and resolves `confirmed` then. */
export function createConfirmation(connection: Pick<Connection, 'notify'>): Pick<Child, 'confirm' | 'confirmed'> {
  const { promise: confirmed, resolve } = Promise.withResolvers<undefined>();
  let isConfirmed = false;
  return {
    confirm() {
      if (isConfirmed) return;
      isConfirmed = true;
      connection.notify('notifications/initialized');
      resolve(undefined);
    },
    confirmed,
  };
}

const NOBODY: Caller = { deliver: () => undefined };

/** Initialises a server. Throws BridgeError; the link is then closed. */
export async function initializeChild(
  link: Link,
  { initialize, timeoutMs, explain }: InitializeOptions,
): Promise<Child> {
  const request = { jsonrpc: '2.0' as const, id: 0, method: 'initialize', params: initialize };
  const outcome = await link.connection.request(NOBODY, request, timeoutMs);
  if ('error' in outcome) {
    link.kill(explain(outcome.error));
    throw await link.ended;
  }
  return { ...link, startedAt: Date.now(), initialized: outcome.result, ...createConfirmation(link.connection) };
}
