import { BridgeError } from '../bridge-error.ts';
import type { Caller } from './caller.ts';
import {
  isRequest,
  isResponse,
  type Id,
  type Message,
  type NotificationMessage,
  type Outcome,
  type Params,
  type RequestMessage,
  type ResponseMessage,
} from './message.ts';
import { toRpcError } from './rpc-error.ts';
import { createSubscriptions } from './subscriptions.ts';

export interface ConnectionOptions {
  /** Writes a message to the program; false: it does not read its input. */
  write: (message: Message) => boolean;
  /** A request without progress for this time is cancelled. */
  callTimeoutMs: number;
  /** The program sent a notification that a list changed, or a message that belongs to no request. */
  onNotification: (message: NotificationMessage) => void;
}

/** The protocol over the pipes of one program, shared by any number of callers: ids and progress tokens of each are rewritten. */
export interface Connection {
  /** Never rejects. `timeoutMs` overrides the timeout of calls. */
  request: (caller: Caller, request: RequestMessage, timeoutMs?: number) => Promise<Outcome>;
  notify: (method: string, params?: Params) => void;
  /** Cancels a request of a caller, by the caller's id. */
  cancel: (caller: Caller, params: Params) => void;
  /** A caller's response to a request of the program. */
  respond: (caller: Caller, response: ResponseMessage) => void;
  receive: (message: Message) => void;
  attach: (caller: Caller) => void;
  /** Removes a caller: its requests are cancelled. */
  detach: (caller: Caller) => void;
  /** Requests in progress. */
  count: () => number;
  /** The program ended: every request ends with this error. */
  end: (error: BridgeError) => void;
}

interface Pending {
  caller: Caller;
  id: Id;
  token: Id | undefined;
  settle: (outcome: Outcome) => void;
  refresh: () => void;
}

/** Notifications that concern one request: only its caller may see them. */
const PRIVATE = ['notifications/message'];

const metaOf = (params: Params | undefined): Params => (params?.['_meta'] as Params | undefined) ?? {};

/** Creates the connection of one running program. */
export function createConnection({ write, callTimeoutMs, onNotification }: ConnectionOptions): Connection {
  const pending = new Map<number, Pending>();
  const callers = new Set<Caller>();
  /** Open requests of the program, each with the caller that it was sent to. */
  const openRequests = new Map<Id, Caller>();
  const subscriptions = createSubscriptions<Caller>();
  let lastId = 0;
  let ended: BridgeError | undefined;

  /** The only caller with requests in progress, and its newest request; with several callers it is unknown which one the program means. */
  function findOnlyCaller(): { caller: Caller; relatedTo: Id | undefined } | undefined {
    const all = [...pending.values()];
    const ofClients = all.filter(({ caller }) => caller.isBridge !== true);
    const waiting = ofClients.length === 0 && callers.size === 0 ? all : ofClients;
    const newest = waiting.at(-1);
    if (newest === undefined) {
      const [only] = callers;
      return callers.size === 1 && only !== undefined ? { caller: only, relatedTo: undefined } : undefined;
    }
    return waiting.every(({ caller }) => caller === newest.caller)
      ? { caller: newest.caller, relatedTo: newest.id }
      : undefined;
  }

  function receiveRequest(request: RequestMessage): void {
    if (request.method === 'ping') {
      write({ jsonrpc: '2.0', id: request.id, result: {} });
      return;
    }
    const found = findOnlyCaller();
    if (found === undefined) {
      const error = new BridgeError(
        'client_ambiguous',
        `${request.method} cannot be assigned to one of the clients that share this process`,
        'Register the server with "sharing": "session".',
      );
      write({ jsonrpc: '2.0', id: request.id, error: toRpcError(error) });
      return;
    }
    openRequests.set(request.id, found.caller);
    found.caller.deliver(request, found.relatedTo);
  }

  function receiveNotification(message: NotificationMessage): void {
    const { method, params } = message;
    if (method === 'notifications/progress') {
      const found = pending.get(Number(params?.['progressToken']));
      if (found?.token === undefined) return;
      found.refresh();
      found.caller.deliver({ ...message, params: { ...params, progressToken: found.token } }, found.id);
      return;
    }
    if (method === 'notifications/cancelled') {
      const id = params?.['requestId'] as Id;
      openRequests.get(id)?.deliver(message, undefined);
      openRequests.delete(id);
      return;
    }
    onNotification(message);
    if (PRIVATE.includes(method)) {
      const found = findOnlyCaller();
      found?.caller.deliver(message, found.relatedTo);
      return;
    }
    const uri = method === 'notifications/resources/updated' ? params?.['uri'] : undefined;
    const recipients = typeof uri === 'string' ? subscriptions.of(uri) : callers;
    for (const caller of recipients) caller.deliver(message, undefined);
  }

  function receiveResponse(response: ResponseMessage): void {
    const found = pending.get(Number(response.id));
    if (found === undefined) return;
    found.settle('result' in response ? { result: response.result } : { error: response.error });
  }

  function request(caller: Caller, message: RequestMessage, timeoutMs = callTimeoutMs): Promise<Outcome> {
    if (ended !== undefined) return Promise.resolve({ error: toRpcError(ended) });
    const forwarded = subscriptions.forward(caller, message);
    if (!forwarded) return Promise.resolve({ result: {} });
    lastId += 1;
    const id = lastId;
    const token = metaOf(message.params)['progressToken'] as Id | undefined;
    const params =
      token === undefined
        ? message.params
        : { ...message.params, _meta: { ...metaOf(message.params), progressToken: id } };
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const giveUp = () => {
      write({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id, reason: 'timed out' } });
      const seconds = Math.round(timeoutMs / 1_000);
      const problem = `the server did not answer ${message.method} within ${seconds} s`;
      settle({
        error: toRpcError(
          new BridgeError('call_timed_out', problem, 'Call again, or raise "callTimeoutS" of the server.'),
        ),
      });
    };
    const timer = setTimeout(giveUp, timeoutMs);
    function settle(outcome: Outcome): void {
      clearTimeout(timer);
      pending.delete(id);
      resolve(outcome);
    }
    pending.set(id, { caller, id: message.id, token, settle, refresh: () => timer.refresh() });
    const isWritten = write({ jsonrpc: '2.0', id, method: message.method, ...(params !== undefined && { params }) });
    if (!isWritten) settle({ error: toRpcError(notReading()) });
    return promise;
  }

  function cancel(caller: Caller, params: Params): void {
    for (const [id, found] of pending) {
      if (found.caller !== caller || found.id !== params['requestId']) continue;
      write({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { ...params, requestId: id } });
      found.settle({ error: { code: -32_800, message: 'the request was cancelled' } });
    }
  }

  return {
    request,
    cancel,
    notify(method, params) {
      write({ jsonrpc: '2.0', method, ...(params !== undefined && { params }) });
    },
    respond(caller, response) {
      if (openRequests.get(response.id) !== caller) return;
      openRequests.delete(response.id);
      write(response);
    },
    receive(message) {
      if (isResponse(message)) receiveResponse(message);
      else if (isRequest(message)) receiveRequest(message);
      else receiveNotification(message);
    },
    attach: (caller) => void callers.add(caller),
    detach(caller) {
      callers.delete(caller);
      for (const found of [...pending.values()]) if (found.caller === caller) cancel(caller, { requestId: found.id });
      for (const uri of subscriptions.forget(caller))
        void request(caller, { jsonrpc: '2.0', id: 0, method: 'resources/unsubscribe', params: { uri } });
      for (const [id, one] of openRequests)
        if (one === caller) {
          openRequests.delete(id);
          write({ jsonrpc: '2.0', id, error: { code: -32_000, message: 'the client has disconnected' } });
        }
    },
    count: () => pending.size,
    end(error) {
      ended = error;
      for (const found of [...pending.values()]) found.settle({ error: toRpcError(error) });
      openRequests.clear();
      callers.clear();
    },
  };
}

function notReading(): BridgeError {
  return new BridgeError(
    'program_busy',
    'the server does not read its input',
    'Wait until it has processed its pending messages, or restart it.',
  );
}
