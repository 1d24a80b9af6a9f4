import { BridgeError } from '../bridge-error.ts';
import type { Caller } from '../connection/caller.ts';
import {
  isRequest,
  isResponse,
  type Id,
  type Message,
  type Outcome,
  type Params,
  type RequestMessage,
} from '../connection/message.ts';
import { toRpcError } from '../connection/rpc-error.ts';
import type { Server } from '../servers/create-server.ts';
import type { Child } from '../servers/child.ts';
import { negotiateVersion } from '../connection/negotiate-version.ts';

/** A client of the protocol with sessions, over Streamable HTTP or SSE. */
export interface Session {
  /** A message of the client. */
  receive: (message: Message) => void;
  /** Stores the `Authorization` of a request, before its messages are received. */
  identify: (authorization: string | undefined) => void;
  /** Starts its process with the client's parameters of `initialize`. Throws BridgeError. */
  start: (initialize: Params) => Promise<void>;
  /** Whether the client listens for messages that belong to no request; until then, a limited number is held back. */
  setListening: (isListening: boolean) => void;
  end: () => void;
}

export interface SessionOptions {
  server: Server;
  id: string;
  /** Sends a message to the client; `relatedTo` identifies the request whose stream it belongs to. */
  send: (message: Message, relatedTo: Id | undefined) => void;
}

const MAX_HELD_BACK = 100;

/** Creates a session with its own process or the shared one; a process that ended is started again at the next request. */
export function createSession({ server, id, send }: SessionOptions): Session {
  const isShared = server.limits().sharing === 'shared';
  const owner = isShared ? 'shared' : `session ${id}`;
  let initialize: Params | undefined;
  let child: Child | undefined;
  let isListening = false;
  let heldBack: Message[] = [];

  const caller: Caller = {
    deliver(message, relatedTo) {
      if (relatedTo !== undefined || isListening) send(message, relatedTo);
      else if (heldBack.length < MAX_HELD_BACK) heldBack.push(message);
    },
  };

  async function join(): Promise<Child> {
    const found = await (isShared ? server.acquire(owner) : server.acquire(owner, initialize));
    if (found !== child) {
      const isRestarted = child !== undefined;
      child = found;
      child.connection.attach(caller);
      // Not left to the client: the bridge initialises a shared process, and the client of a restarted one has already confirmed.
      if (isShared || isRestarted) child.confirm();
    }
    return found;
  }

  async function answerInitialize({ params = {} }: RequestMessage): Promise<Outcome> {
    initialize = params;
    const { initialized } = await join();
    return { result: isShared ? negotiateVersion(initialized, params) : initialized };
  }

  async function answer(request: RequestMessage): Promise<Outcome> {
    if (request.method === 'initialize') return answerInitialize(request);
    const joined = await join();
    joined.confirm();
    return joined.connection.request(caller, request);
  }

  async function receiveRequest(request: RequestMessage): Promise<void> {
    const outcome = await answer(request).catch((error: unknown): Outcome => {
      if (error instanceof BridgeError) return { error: toRpcError(error) };
      return { error: { code: -32_603, message: 'the bridge failed' } };
    });
    send({ jsonrpc: '2.0', id: request.id, ...outcome }, request.id);
  }

  return {
    async start(params) {
      initialize = params;
      await join();
    },
    identify(authorization) {
      caller.authorization = authorization;
    },
    receive(message) {
      if (isRequest(message)) void receiveRequest(message);
      else if (isResponse(message)) child?.connection.respond(caller, message);
      else if (message.method === 'notifications/cancelled') child?.connection.cancel(caller, message.params ?? {});
      else if (message.method === 'notifications/initialized') child?.confirm();
      else child?.connection.notify(message.method, message.params);
    },
    setListening(value) {
      isListening = value;
      if (!value) return;
      for (const message of heldBack) send(message, undefined);
      heldBack = [];
    },
    end() {
      child?.connection.detach(caller);
      if (!isShared) void server.release(owner);
    },
  };
}
