import type { Id, NotificationMessage, Params, RequestMessage } from './message.ts';

/** Who sends requests to a program: a session of a client, a request of the modern protocol, or the bridge itself. */
export interface Caller {
  /** It is the bridge itself: what a program asks while it waits is meant for a client. */
  isBridge?: true;
  /** Its `Authorization`, of the request that came last: what is called for it through the gateway is called with it. Programs never see it. */
  authorization?: string | undefined;
  /** It speaks the modern protocol: what it says of itself with the request (`_meta`). It can be asked in a result, not by a request. */
  envelope?: Params;
  /**
   * Receives what the program sends to its client. A request is answered by `Connection.respond` with the same id. `relatedTo` is the caller's
   * own id of the request that it belongs to, as far as that is known.
   */
  deliver: (message: RequestMessage | NotificationMessage, relatedTo: Id | undefined) => void;
}
