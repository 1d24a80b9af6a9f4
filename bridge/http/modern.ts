import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { toNodeHandler, type NodeMcpRequestHandler } from '@modelcontextprotocol/node';
import {
  CLIENT_CAPABILITIES_META_KEY,
  createMcpHandler,
  ProtocolError,
  Server as McpServer,
  type Implementation,
  type Notification,
  type Result,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { BridgeError } from '../bridge-error.ts';
import type { NotificationMessage, Params, RequestMessage } from '../connection/message.ts';
import { toRpcError } from '../connection/rpc-error.ts';
import type { Server } from '../servers/create-server.ts';
import { startExchange, type Exchange } from './exchange.ts';
import { createPendingExchanges } from './pending-exchanges.ts';

/** Method of a question → the capability of a client that can answer it. */
const CAPABILITIES: Record<string, string> = {
  'sampling/createMessage': 'sampling',
  'elicitation/create': 'elicitation',
  'roots/list': 'roots',
};
/** Requests that may end with questions (specification 2026-07-28, multi round-trip requests). */
const MAY_ASK = ['tools/call', 'prompts/get', 'resources/read'];
const OFFERED = ['tools', 'prompts', 'resources', 'completions', 'experimental'];

/** Who calls, as far as the bridge needs to tell callers apart; the gate has judged the key. */
export function identifyCaller(authorization: string | null | undefined): string {
  return createHash('sha256')
    .update(authorization ?? '')
    .digest('hex')
    .slice(0, 32);
}

/** What a program of the earlier protocol offers, as far as it exists in the modern one and goes through the bridge. */
function offer(initialized: Params): Params {
  const capabilities = (initialized['capabilities'] ?? {}) as Params;
  const offered = Object.fromEntries(
    OFFERED.flatMap((name) => (name in capabilities ? [[name, capabilities[name]]] : [])),
  );
  if ('resources' in offered) offered['resources'] = { ...(offered['resources'] as Params), subscribe: false };
  return offered;
}

/** Serves the protocol without sessions (2026-07-28) for one server. Throws BridgeError when its program cannot be started. */
export interface ModernHandler {
  handle: NodeMcpRequestHandler;
  /** Makes sure that the server's capabilities are known. Throws BridgeError. */
  prepare: (request: IncomingMessage) => Promise<void>;
  close: () => Promise<void>;
}

/** Creates the handler of one server. A program serves the requests of one key, or of all clients where it is shared. */
export function createModernHandler(server: Server, report: (error: Error) => void): ModernHandler {
  const pending = createPendingExchanges();
  const ownerOf = (identity: string) => (server.limits().sharing === 'shared' ? 'shared' : `agent ${identity}`);

  async function begin(request: RequestMessage, context: ServerContext, authorization?: string): Promise<Exchange> {
    const identity = identifyCaller(authorization);
    const child = await server.acquire(ownerOf(identity));
    child.confirm();
    const envelope = (context.mcpReq.envelope ?? {}) as Params;
    const able = (envelope[CLIENT_CAPABILITIES_META_KEY] ?? {}) as Params;
    const canAsk = (method: string) => MAY_ASK.includes(request.method) && (CAPABILITIES[method] ?? '') in able;
    return startExchange({ owner: identity, authorization, connection: child.connection, request, canAsk });
  }

  function resume(context: ServerContext, identity: string): Exchange | undefined {
    const state = context.mcpReq.requestState();
    if (typeof state !== 'string') return undefined;
    const exchange = pending.take(state, identity);
    if (exchange === undefined) throw new ProtocolError(-32_602, 'Invalid or expired requestState');
    exchange.answer(context.mcpReq.inputResponses ?? {});
    return exchange;
  }

  async function serve(request: RequestMessage, context: ServerContext, authorization?: string): Promise<Result> {
    const exchange = resume(context, identifyCaller(authorization)) ?? (await begin(request, context, authorization));
    const cancel = () => exchange.cancel('the client closed the stream');
    context.mcpReq.signal.addEventListener('abort', cancel);
    const { progressToken } = (request.params?.['_meta'] ?? {}) as Params;
    const step = await exchange.next(({ method, params }: NotificationMessage) => {
      if (method !== 'notifications/progress' || progressToken === undefined) return;
      // The request that brought answers has a token of its own.
      const message = { method, params: { ...params, progressToken } };
      void context.mcpReq.notify(message as Notification).catch(() => undefined);
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

  const handler = createMcpHandler(
    ({ requestInfo }) => {
      const initialized = server.known()?.initialized ?? {};
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the low-level server is what the SDK names for proxies
      const mcp = new McpServer(initialized['serverInfo'] as Implementation, {
        capabilities: offer(initialized),
        ...(typeof initialized['instructions'] === 'string' && { instructions: initialized['instructions'] }),
      });
      const authorization = requestInfo?.headers.get('authorization') ?? undefined;
      mcp.fallbackRequestHandler = (request, context) =>
        serve(request as RequestMessage, context, authorization).catch((error: unknown) => {
          if (!(error instanceof BridgeError)) throw error;
          const { code, message, data } = toRpcError(error);
          throw new ProtocolError(code, message, data);
        });
      return mcp;
    },
    { legacy: 'reject', onerror: report, maxRequestBodySize: 17 * 1024 * 1024 },
  );
  server.onNotification(({ method }) => {
    if (method === 'notifications/tools/list_changed') handler.notify.toolsChanged();
    if (method === 'notifications/prompts/list_changed') handler.notify.promptsChanged();
    if (method === 'notifications/resources/list_changed') handler.notify.resourcesChanged();
  });
  return {
    handle: toNodeHandler(handler, { onerror: report }),
    async prepare(request) {
      if (server.known() !== null) return;
      const child = await server.acquire(ownerOf(identifyCaller(request.headers.authorization)));
      child.confirm();
    },
    close: () => handler.close(),
  };
}
