import type { Id, NotificationMessage, Params, RequestMessage } from './message.ts';

/** Who sends requests to a program: a session of a client, a request of the modern protocol, or the bridge itself. */
export interface Caller {
  /** The caller is the bridge itself: requests of a program during its calls are meant for a client. */
  isBridge?: true;
  /** `Authorization` of its latest request; calls through the gateway on its behalf use it. Programs never see it. */
  authorization?: string | undefined;
  /** Set for the modern protocol: the `_meta` of its request. Input is then requested from it in a result, not by a request. */
  envelope?: Params;
  /**
   * Receives the messages of the program to its client. A request is answered with `Connection.respond` and the same id. `relatedTo` is the
   * caller's id of the request that the message belongs to, if known.
   */
  deliver: (message: RequestMessage | NotificationMessage, relatedTo: Id | undefined) => void;
}
