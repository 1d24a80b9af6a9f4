import type { Outcome, Params, RequestMessage } from '../connection/message.ts';

/** What of its caller a request knows. */
export interface PeerContext {
  /** The caller's `Authorization`. */
  authorization: string | undefined;
  /** Undefined: the caller speaks the earlier protocol. Else what it says of itself with the request (`_meta`). */
  envelope: Params | undefined;
  /** Aborted when the caller cancels the request. */
  signal: AbortSignal;
  /** The caller requested progress notifications. */
  wantsProgress: boolean;
  progress: (params: Params) => void;
  /** Sends a notification that belongs to the request. */
  notify: (method: string, params: Params) => void;
  /** Asks the caller's client (sampling, elicitation, roots). Its refusal is an outcome too. */
  ask: (method: string, params: Params) => Promise<Outcome>;
}

/** An MCP server inside the bridge, for one client: what a program is on the other side of its pipes. */
export interface Peer {
  request: (message: RequestMessage, context: PeerContext) => Promise<Outcome>;
  notify: (method: string, params: Params) => void;
  close: () => Promise<void>;
}
