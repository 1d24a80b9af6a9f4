import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { toNodeHandler, type NodeMcpRequestHandler } from '@modelcontextprotocol/node';
import {
  createMcpHandler,
  ProtocolError,
  type Notification,
  type Result,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { BridgeError } from '../bridge-error.ts';
import type { NotificationMessage, Params, RequestMessage } from '../connection/message.ts';
import { toRpcError } from '../connection/rpc-error.ts';
import type { Server } from '../servers/create-server.ts';
import { BridgedServer } from './bridged-server.ts';
import { MAY_REQUEST_INPUT, startExchange, type Exchange } from './exchange.ts';
import { requestsMessage, setLogLevel } from './log-messages.ts';
import { createPendingExchanges } from './pending-exchanges.ts';

const METHOD_NOT_FOUND = -32_601;

/** Identifies a caller, so that the bridge can distinguish callers; the gate has already checked the key. */
export function identifyCaller(authorization: string | null | undefined): string {
  return createHash('sha256')
    .update(authorization ?? '')
    .digest('hex')
    .slice(0, 32);
}

const envelopeOf = (context: ServerContext): Params => context.mcpReq.envelope ?? {};

/** Serves the protocol without sessions (2026-07-28) for one server. Throws BridgeError when its program cannot be started. */
export interface ModernHandler {
  handle: NodeMcpRequestHandler;
  /** Ensures that the server's capabilities are known. Throws BridgeError. */
  prepare: (request: IncomingMessage) => Promise<void>;
  close: () => Promise<void>;
}

/** Creates the handler of one server. A program serves the requests of one key, or of all clients if it is shared. */
export function createModernHandler(server: Server, report: (error: Error) => void): ModernHandler {
  const pending = createPendingExchanges();
  const ownerOf = (identity: string) => (server.limits().sharing === 'shared' ? 'shared' : `agent ${identity}`);

  async function begin(request: RequestMessage, context: ServerContext, authorization?: string): Promise<Exchange> {
    const identity = identifyCaller(authorization);
    const child = await server.acquire(ownerOf(identity));
    child.confirm();
    const { inputResponses } = context.mcpReq;
    const requestState: unknown = context.mcpReq.requestState();
    // A server that speaks this protocol issues its own state.
    if (child.isModern !== true && requestState !== undefined)
      throw new ProtocolError(-32_602, 'Invalid or expired requestState');
    const answers = {
      ...(inputResponses !== undefined && { inputResponses }),
      ...(requestState !== undefined && { requestState }),
    };
    const forwarded = child.isModern === true ? { ...request, params: { ...request.params, ...answers } } : request;
    const envelope = envelopeOf(context);
    // On a process that clients with sessions share, the level would apply to all of them.
    if (child.isModern !== true && server.limits().sharing === 'session') await setLogLevel(child, envelope);
    return startExchange({
      owner: identity,
      authorization,
      envelope,
      connection: child.connection,
      request: forwarded,
    });
  }

  function resume(context: ServerContext, identity: string): Exchange | undefined {
    const state: unknown = context.mcpReq.requestState();
    const exchange = typeof state === 'string' ? pending.take(state, identity) : undefined;
    exchange?.answer(context.mcpReq.inputResponses ?? {});
    return exchange;
  }

  async function serve(request: RequestMessage, context: ServerContext, authorization?: string): Promise<Result> {
    const exchange = resume(context, identifyCaller(authorization)) ?? (await begin(request, context, authorization));
    const cancel = () => exchange.cancel('the client closed the stream');
    context.mcpReq.signal.addEventListener('abort', cancel);
    const { progressToken } = (request.params?.['_meta'] ?? {}) as Params;
    const send = (message: object) => void context.mcpReq.notify(message as Notification).catch(() => undefined);
    const step = await exchange.next(({ method, params }: NotificationMessage) => {
      if (method === 'notifications/message' && requestsMessage(envelopeOf(context), params)) send({ method, params });
      // The request with the answers has its own token.
      if (method === 'notifications/progress' && progressToken !== undefined)
        send({ method, params: { ...params, progressToken } });
    });
    context.mcpReq.signal.removeEventListener('abort', cancel);
    if ('questions' in step) {
      pending.put(exchange);
      return { resultType: 'input_required', inputRequests: step.questions, requestState: exchange.state };
    }
    if ('result' in step.outcome) return step.outcome.result;
    const { code, message, data } = step.outcome.error;
    throw new ProtocolError(code, message, data);
  }

  /** HTTP requests whose method the server does not know. */
  const withUnknownMethod = new WeakSet<Request>();

  function answer(request: RequestMessage, context: ServerContext, http: Request | undefined): Promise<Result> {
    const authorization = http?.headers.get('authorization') ?? undefined;
    return serve(request, context, authorization).catch((error: unknown) => {
      // Servers return the same code for an unknown tool.
      const isUnknown = error instanceof ProtocolError && error.code === METHOD_NOT_FOUND;
      if (isUnknown && http !== undefined && !MAY_REQUEST_INPUT.includes(request.method)) withUnknownMethod.add(http);
      if (!(error instanceof BridgeError)) throw error;
      const { code, message, data } = toRpcError(error);
      throw new ProtocolError(code, message, data);
    });
  }

  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const mcp = new BridgedServer(server.known() ?? { initialized: {}, tools: null });
      mcp.server.fallbackRequestHandler = (request, context) => answer(request as RequestMessage, context, requestInfo);
      return mcp;
    },
    { legacy: 'reject', onerror: report, maxRequestBodySize: 17 * 1024 * 1024 },
  );
  server.onNotification(({ method }) => {
    if (method === 'notifications/tools/list_changed') handler.notify.toolsChanged();
    if (method === 'notifications/prompts/list_changed') handler.notify.promptsChanged();
    if (method === 'notifications/resources/list_changed') handler.notify.resourcesChanged();
  });
  // The protocol requires 404 for an unknown method; the SDK responds with 200 if the error is not its own.
  const fetchWithStatus: typeof handler.fetch = async (request, options) => {
    const response = await handler.fetch(request, options);
    const isStream = response.headers.get('content-type') === 'text/event-stream';
    if (!withUnknownMethod.has(request) || isStream) return response;
    return new Response(response.body, { status: 404, headers: response.headers });
  };
  return {
    handle: toNodeHandler({ fetch: fetchWithStatus }, { onerror: report }),
    async prepare(request) {
      if (server.known() !== null) return;
      const child = await server.acquire(ownerOf(identifyCaller(request.headers.authorization)));
      child.confirm();
    },
    close: () => handler.close(),
  };
}
