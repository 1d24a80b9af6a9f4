import {
  Client,
  ProtocolError,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type CallToolRequest,
} from '@modelcontextprotocol/client';
import { z } from 'zod';
import { MODERN_VERSION } from '@mcpgw/registry/contract';
import type { Outcome, Params } from '../connection/message.ts';
import { createSocketFetch } from './fetch-socket.ts';
import { unwrapErrors, type Answers } from './unwrap-errors.ts';
import { VERSION } from '../version.ts';

/** Receives notifications and requests of the server while a call is in progress. */
export interface CallHooks {
  signal: AbortSignal;
  /** Absent: not reported. */
  progress?: ((params: Params) => void) | undefined;
  requestClient: (method: string, params: Params) => Promise<Outcome>;
  notify: (method: string, params: Params) => void;
}

/** One server, called through the gateway with the key of one caller. */
export interface InnerClient {
  /** Never rejects. */
  request: (method: string, params: Params, hooks: CallHooks) => Promise<Outcome>;
  /** Its session has ended: a new client is needed. The request that detected it was not carried out. */
  isLost: () => boolean;
  /** Ends its session, without waiting for a server that does not respond. */
  close: () => Promise<void>;
}

export interface InnerClientOptions {
  /** The unix socket on which NGINX accepts calls of the bridge. */
  socket: string;
  path: string;
  era: 'legacy' | 'modern' | null;
  isSseOnly: boolean;
  /** Capabilities of the client that is called for. */
  capabilities: Params;
  /** The caller's current `Authorization`. */
  authorization: () => string | undefined;
  /** Aborts the attempt to connect. */
  signal?: AbortSignal;
}

const QUESTIONS = ['elicitation/create', 'sampling/createMessage', 'roots/list'] as const;
const CAPABILITY_OF: Record<string, string> = {
  'elicitation/create': 'elicitation',
  'sampling/createMessage': 'sampling',
  'roots/list': 'roots',
};
const ANYTHING = z.looseObject({});
/** The headers of a call do not match the arguments that the server requires as headers (`x-mcp-header`). */
const HEADER_MISMATCH = -32_020;
/** The gateway and the servers decide how long a call may take. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;
/** How long a server may take to end a session. */
const CLOSE_MS = 2_000;

/** The message of an error; a connection error would contain the gateway's socket, which callers must not see. */
function describeFailure(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (typeof (cause as NodeJS.ErrnoException).syscall === 'string') return 'the gateway does not answer at present';
  return error instanceof Error ? error.message : String(error);
}

/** Converts the error of a call to an outcome. */
export function toOutcome(error: unknown): Outcome {
  if (error instanceof ProtocolError)
    return {
      error: {
        code: error.code,
        message: error.message,
        ...(error.data !== undefined && { data: error.data }),
      },
    };
  return { error: { code: -32_603, message: describeFailure(error) } };
}

/**
 * The SDK notifies a server with sessions that a call was cancelled, but leaves the response stream open. A server that does not stop would
 * hold it, and the call's slot in the limits of the gateway, until it has finished: the stream is closed too.
 */
class CancellableTransport extends StreamableHTTPClientTransport {
  /** Signal of the call in progress. */
  callSignal: () => AbortSignal | undefined = () => undefined;

  override send(...[message, options]: Parameters<StreamableHTTPClientTransport['send']>): Promise<void> {
    const isCall = 'method' in message && 'id' in message;
    const requestSignal = options?.requestSignal ?? (isCall ? this.callSignal() : undefined);
    return super.send(message, { ...options, ...(requestSignal !== undefined && { requestSignal }) });
  }
}

function createTransport(options: InnerClientOptions, answers: Answers, ended: AbortSignal) {
  const fetchGateway = unwrapErrors(createSocketFetch(options.socket), answers);
  const fetchAsCaller: typeof fetch = (input, init = {}) => {
    const headers = new Headers(init.headers);
    const authorization = options.authorization();
    if (authorization !== undefined) headers.set('authorization', authorization);
    const signal = init.signal ? AbortSignal.any([init.signal, ended]) : ended;
    return fetchGateway(input, { ...init, headers, signal });
  };
  const at = (endpoint: string) => new URL(`http://localhost/${options.path}/${endpoint}`);
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- for servers without another transport
  if (options.isSseOnly) return new SSEClientTransport(at('sse'), { fetch: fetchAsCaller });
  return new CancellableTransport(at('mcp'), { fetch: fetchAsCaller });
}

function modeOf(era: InnerClientOptions['era']) {
  if (era === 'legacy') return 'legacy' as const;
  return era === 'modern' ? { pin: MODERN_VERSION } : ('auto' as const);
}

/** Connects to a server through the gateway. Rejects with the error of the gateway or the server. */
export async function connectInner(options: InnerClientOptions): Promise<InnerClient> {
  const answers: Answers = { isLost: false };
  const running: CallHooks[] = [];
  const client = new Client(
    { name: 'mcpgw', version: VERSION },
    {
      capabilities: options.capabilities,
      versionNegotiation: { mode: options.isSseOnly ? 'legacy' : modeOf(options.era) },
    },
  );
  client.fallbackNotificationHandler = ({ method, params = {} }) => {
    if (method === 'notifications/message') running.at(-1)?.notify(method, params);
    return Promise.resolve();
  };
  for (const method of QUESTIONS) {
    if (!((CAPABILITY_OF[method] ?? '') in options.capabilities)) continue;
    client.setRequestHandler(method, async (request): Promise<never> => {
      const current = running.at(-1);
      if (current === undefined)
        throw new ProtocolError(-32_600, 'no call is in progress that this request could belong to');
      const outcome = await current.requestClient(method, (request as { params?: Params }).params ?? {});
      if ('error' in outcome) throw new ProtocolError(outcome.error.code, outcome.error.message, outcome.error.data);
      return outcome.result as never;
    });
  }
  const ended = new AbortController();
  const giveUp = () => ended.abort(options.signal?.reason);
  const transport = createTransport(options, answers, ended.signal);
  if ('callSignal' in transport) transport.callSignal = () => running.at(-1)?.signal;
  options.signal?.addEventListener('abort', giveUp, { once: true });
  try {
    options.signal?.throwIfAborted();
    await client.connect(transport, { timeout: NO_TIMEOUT_MS, ...(options.signal && { signal: options.signal }) });
  } catch (error) {
    ended.abort();
    await client.close().catch(() => undefined);
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', giveUp);
  }

  let sendsHeaders = false;

  async function send(method: string, params: Params, { signal, progress }: CallHooks): Promise<Params> {
    const options = {
      signal,
      timeout: NO_TIMEOUT_MS,
      ...(progress !== undefined && { onprogress: (update: object) => progress(update as Params) }),
    };
    // It lists the tools to find out which arguments are headers, and rejects results that do not match the tool's schema.
    const callTool = () => client.callTool(params as CallToolRequest['params'], options);
    if (method !== 'tools/call') return client.request({ method, params }, ANYTHING, options);
    if (sendsHeaders) return callTool();
    try {
      return await client.request({ method, params }, ANYTHING, options);
    } catch (error) {
      if (!(error instanceof ProtocolError) || error.code !== HEADER_MISMATCH) throw error;
      sendsHeaders = true;
      return callTool();
    }
  }

  return {
    async request(method, params, hooks) {
      running.push(hooks);
      answers.isLost = false;
      try {
        return { result: await send(method, params, hooks) };
      } catch (error) {
        return toOutcome(error);
      } finally {
        running.splice(running.indexOf(hooks), 1);
      }
    },
    isLost: () => answers.isLost,
    async close() {
      const late = AbortSignal.timeout(CLOSE_MS);
      late.addEventListener('abort', () => ended.abort(), { once: true });
      if ('terminateSession' in transport) await transport.terminateSession().catch(() => undefined);
      await client.close().catch(() => undefined);
      ended.abort();
    },
  };
}
