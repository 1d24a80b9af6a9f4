import type { BridgeError } from '../bridge-error.ts';
import type { Caller } from '../connection/caller.ts';
import type { Connection } from '../connection/create-connection.ts';
import type { NotificationMessage, Params, RpcError } from '../connection/message.ts';
import type { OutputLog } from '../programs/output-log.ts';

/** What carries the protocol to a server: the pipes of a program, or a connection to a server elsewhere. */
export interface Link {
  /** Process group of a program; 0: it is none. */
  pid: number;
  connection: Connection;
  /** Resolves when it has ended, whoever ended it. */
  ended: Promise<BridgeError>;
  stop: () => Promise<void>;
  /** Ends it at once; its calls are answered with `error`. */
  kill: (error: BridgeError) => void;
}

/** A server that passed its handshake. */
export interface Child extends Link {
  /** It speaks the modern protocol: answers a client of it with questions (`input_required`), and takes the answers. */
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
  /** What the client, or the bridge for many clients, sends as `initialize`. */
  initialize: Params;
  output: OutputLog;
  onNotification: (message: NotificationMessage) => void;
}

export interface Greeting {
  /** What the client, or the bridge for many clients, sends as `initialize`. */
  initialize: Params;
  timeoutMs: number;
  /** Why there is no result; where the link ended, what it ended with comes first. */
  explain: (error: RpcError) => BridgeError;
}

/** The part of a server that tells it once that the handshake is over, and says when that was done. */
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

/** Initialises a server. Throws BridgeError, and nothing of the link is left then. */
export async function greet(link: Link, { initialize, timeoutMs, explain }: Greeting): Promise<Child> {
  const request = { jsonrpc: '2.0' as const, id: 0, method: 'initialize', params: initialize };
  const outcome = await link.connection.request(NOBODY, request, timeoutMs);
  if ('error' in outcome) {
    link.kill(explain(outcome.error));
    throw await link.ended;
  }
  return { ...link, startedAt: Date.now(), initialized: outcome.result, ...createConfirmation(link.connection) };
}
