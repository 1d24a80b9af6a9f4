import type { Outcome, Params, RequestMessage } from '../connection/message.ts';

/** What a request knows about its caller. */
export interface PeerContext {
  /** The caller's `Authorization`. */
  authorization: string | undefined;
  /** Undefined: the caller speaks the earlier protocol. Else the `_meta` of its request. */
  envelope: Params | undefined;
  /** Aborted when the caller cancels the request. */
  signal: AbortSignal;
  /** The caller requested progress notifications. */
  wantsProgress: boolean;
  progress: (params: Params) => void;
  /** Sends a notification that belongs to the request. */
  notify: (method: string, params: Params) => void;
  /** Sends a request to the caller's client (sampling, elicitation, roots). A refusal is an outcome too. */
  requestClient: (method: string, params: Params) => Promise<Outcome>;
}

/** An MCP server inside the bridge, for one client: what a program is on the other side of its pipes. */
export interface Peer {
  request: (message: RequestMessage, context: PeerContext) => Promise<Outcome>;
  notify: (method: string, params: Params) => void;
  close: () => Promise<void>;
}
