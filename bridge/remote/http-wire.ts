import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { BridgeError } from '../bridge-error.ts';
import { isRequest, isResponse, type Id, type Message } from '../connection/message.ts';
import { toRpcError } from '../connection/rpc-error.ts';
import { unwrapErrors, type Answers } from '../inner/unwrap-errors.ts';
import { explainFailure, explainLoss, explainStatus, explainText, isOffline, statusOf } from './explain-failure.ts';
import type { Wire, WireEvents } from './wire.ts';

export interface HttpTarget {
  path: string;
  url: string;
  fetch: typeof fetch;
}

const CLOSE_MS = 2_000;
/** The stream for messages that belong to no request is opened again as long as the session exists. */
const RECONNECT = {
  initialReconnectionDelay: 500,
  maxReconnectionDelay: 30_000,
  reconnectionDelayGrowFactor: 2,
  maxRetries: Number.MAX_SAFE_INTEGER,
};
/** Status codes of servers for the stream of a session that they no longer know. */
const FORGOTTEN = [400, 404];

/** Connects to a server over Streamable HTTP with sessions (protocol versions until 2025-11-25). */
export async function openHttpWire({ path, url, fetch: fetchServer }: HttpTarget, events: WireEvents): Promise<Wire> {
  const answers: Answers = { isLost: false };
  const unwrapped = unwrapErrors(fetchServer, answers);
  /** Requests without a response so far. */
  const open = new Map<Id, AbortController>();
  let initialize: Id | undefined;
  let isOver = false;

  function lose(error: BridgeError): void {
    if (isOver) return;
    isOver = true;
    events.lost(error);
  }
  const fetchInSession: typeof fetch = async (input, init = {}) => {
    const response = await unwrapped(input, init);
    const isForgotten = init.method === 'GET' && FORGOTTEN.includes(response.status);
    if (answers.isLost || isForgotten) lose(explainLoss(path, 'the server has forgotten the session'));
    return response;
  };
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    fetch: fetchInSession,
    reconnectionOptions: RECONNECT,
  });
  transport.onmessage = (given) => {
    if (isOver) return;
    const message = given as Message;
    if (isResponse(message)) {
      open.delete(message.id);
      const version = message.id === initialize && 'result' in message ? message.result['protocolVersion'] : undefined;
      if (typeof version === 'string') transport.setProtocolVersion(version);
    }
    events.receive(message);
  };
  await transport.start();

  function fail(id: Id, error: BridgeError): void {
    if (open.delete(id)) events.receive({ jsonrpc: '2.0', id, error: toRpcError(error) });
  }

  function explain(message: Message, error: unknown): void {
    const isInitialize = isRequest(message) && message.id === initialize;
    if (isOffline(error)) {
      const failure = explainFailure(path, error);
      lose(isInitialize ? failure : explainLoss(path, failure.message));
      return;
    }
    const status = statusOf(error);
    const refusal = status === undefined ? explainText(path) : explainStatus(path, status);
    if (isInitialize) lose(refusal);
    else if (isRequest(message)) fail(message.id, refusal);
  }

  return {
    send(message) {
      const controller = new AbortController();
      const id = isRequest(message) ? message.id : undefined;
      if (isRequest(message)) {
        if (message.method === 'initialize') initialize = message.id;
        open.set(message.id, controller);
      }
      const sent = transport.send(
        message,
        id === undefined
          ? {}
          : {
              requestSignal: controller.signal,
              onRequestStreamEnd: () => fail(id, explainLoss(path, 'the response was cut off')),
            },
      );
      sent.catch((error: unknown) => {
        if (!controller.signal.aborted) explain(message, error);
      });
      if ('method' in message && message.method === 'notifications/cancelled') {
        const cancelled = message.params?.['requestId'] as Id;
        // A server that does not stop would hold the stream until it has finished.
        open.get(cancelled)?.abort();
        open.delete(cancelled);
      }
      return true;
    },
    async close() {
      isOver = true;
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_MS)));
      await Promise.race([transport.terminateSession().catch(() => undefined), late]);
      clearTimeout(timer);
      await transport.close();
    },
  };
}
