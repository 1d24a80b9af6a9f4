import {
  Client,
  isInputRequiredResult,
  LOG_LEVEL_META_KEY,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  StreamableHTTPClientTransport,
  type CallToolRequest,
  type Implementation,
} from '@modelcontextprotocol/client';
import { z } from 'zod';
import { MODERN_VERSION } from '@mcpgw/registry/contract';
import type { NotificationMessage, Outcome, Params } from '../connection/message.ts';
import { toRpcError } from '../connection/rpc-error.ts';
import type { Peer, PeerContext } from '../local/peer.ts';
import { BridgeError } from '../bridge-error.ts';
import { explainFailure, explainLoss, explainStatus, explainText, isOffline, statusOf } from './explain-failure.ts';
import { unwrapErrors } from '../inner/unwrap-errors.ts';
import type { HttpTarget } from './http-wire.ts';
import { keepListening, type Listening } from './keep-listening.ts';
import { VERSION } from '../version.ts';

export interface ModernOptions extends HttpTarget {
  /** The parameters of `initialize` of the client, or of the bridge for many clients. */
  initialize: Params;
  /** A call without progress for this time is cancelled. */
  callMs: number;
  discoverMs: number;
  /** Receives notifications that belong to no request. */
  onNotification: (message: NotificationMessage) => void;
}

/** Adapts a server of the protocol without sessions (2026-07-28): requests of the earlier protocol are translated. */
export interface ModernPeer extends Peer {
  /** Result of `initialize`, as the server describes itself. */
  initialized: Params;
}

const ANYTHING = z.looseObject({});
const MAX_ROUNDS = 20;
const METHOD_NOT_FOUND = -32_601;

type Step = { outcome: Outcome } | { next: Params };

function explain(path: string, error: unknown, callMs: number): BridgeError {
  const status = statusOf(error);
  if (status !== undefined) return explainStatus(path, status);
  if (isOffline(error)) return explainFailure(path, error);
  const { code } = error as { code?: unknown };
  if (code === SdkErrorCode.ConnectionClosed) return explainLoss(path, 'the response was cut off');
  if (code !== SdkErrorCode.RequestTimeout) return explainText(path);
  const problem = `the server of "${path}" did not answer within ${Math.round(callMs / 1_000)} s`;
  return new BridgeError('call_timed_out', problem, 'Call again, or raise "timeouts.readMs" of the server.');
}

/** Converts the error of a request to an outcome, without an address. */
function toOutcome(path: string, error: unknown, callMs: number): Outcome {
  if (error instanceof ProtocolError) {
    const { code, message, data } = error;
    return { error: { code, message, ...(data !== undefined && { data }) } };
  }
  if (error instanceof SdkError && error.code === SdkErrorCode.MethodNotSupportedByProtocolVersion)
    return { error: { code: METHOD_NOT_FOUND, message: 'the server has no such method' } };
  return { error: toRpcError(explain(path, error, callMs)) };
}

/** Forwards the input requests of a server to the client, and builds the next request from its answers (specification 2026-07-28, multi round-trip requests). */
async function answerQuestions(
  { inputRequests = {}, requestState }: { inputRequests?: object; requestState?: string },
  params: Params,
  requestClient: PeerContext['requestClient'],
): Promise<Step> {
  const questions = Object.entries(inputRequests) as [string, { method: string; params?: Params }][];
  const answers = await Promise.all(
    questions.map(async ([key, one]) => ({ key, outcome: await requestClient(one.method, one.params ?? {}) })),
  );
  const failed = answers.find(({ outcome }) => 'error' in outcome);
  if (failed !== undefined) return { outcome: failed.outcome };
  const inputResponses = Object.fromEntries(
    answers.map(({ key, outcome }) => [key, 'result' in outcome ? outcome.result : {}]),
  );
  return { next: { ...params, inputResponses, ...(requestState !== undefined && { requestState }) } };
}

/** Connects to a server that speaks 2026-07-28. Rejects when it does not, or is unreachable. */
export async function connectModern(options: ModernOptions): Promise<ModernPeer> {
  const { path, url, fetch: fetchServer, initialize, callMs, onNotification } = options;
  const running = new Set<PeerContext>();
  const subscribed = new Set<string>();
  let logLevel: unknown;
  const ending = new AbortController();
  const unwrapped = unwrapErrors(fetchServer, { isLost: false });
  const fetchUntilClosed: typeof fetch = (input, init = {}) => {
    const signal = init.signal ? AbortSignal.any([init.signal, ending.signal]) : ending.signal;
    return unwrapped(input, { ...init, signal });
  };
  const client = new Client((initialize['clientInfo'] ?? { name: 'mcpgw', version: VERSION }) as Implementation, {
    capabilities: initialize['capabilities'] ?? {},
    versionNegotiation: { mode: { pin: MODERN_VERSION } },
    inputRequired: { autoFulfill: false },
  });
  const wantsLog = ({ envelope }: PeerContext): boolean =>
    (envelope === undefined ? logLevel : envelope[LOG_LEVEL_META_KEY]) !== undefined;
  client.fallbackNotificationHandler = ({ method, params = {} }) => {
    // A log message belongs to a request that requested some, but it is unknown to which.
    if (method === 'notifications/message') [...running].findLast(wantsLog)?.notify(method, params);
    else onNotification({ jsonrpc: '2.0', method, params });
    return Promise.resolve();
  };
  const transport = new StreamableHTTPClientTransport(new URL(url), { fetch: fetchUntilClosed });
  try {
    await client.connect(transport, { timeout: options.discoverMs });
  } catch (error) {
    ending.abort();
    await client.close().catch(() => undefined);
    throw error;
  }
  const capabilities = client.getServerCapabilities() ?? {};
  const instructions = client.getInstructions();
  let listening: Listening | undefined;

  function listen(): void {
    const filter = {
      ...(capabilities.tools?.listChanged === true && { toolsListChanged: true }),
      ...(capabilities.prompts?.listChanged === true && { promptsListChanged: true }),
      ...(capabilities.resources?.listChanged === true && { resourcesListChanged: true }),
      ...(subscribed.size > 0 && { resourceSubscriptions: [...subscribed] }),
    };
    listening?.stop();
    listening = Object.keys(filter).length === 0 ? undefined : keepListening(client, filter);
  }

  function send(method: string, params: Params, context: PeerContext): Promise<Params> {
    const { signal, wantsProgress, progress, envelope } = context;
    const sent = {
      ...{ signal, timeout: callMs, resetTimeoutOnProgress: true, allowInputRequired: true },
      ...(wantsProgress && { onprogress: (update: object) => progress(update as Params) }),
    };
    // The token is the caller's; the client of the server uses its own.
    const { progressToken: _, ...meta } = (params['_meta'] ?? {}) as Params;
    const _meta = { ...meta, ...(logLevel !== undefined && { [LOG_LEVEL_META_KEY]: logLevel }), ...envelope };
    const withMeta = { ...params, _meta };
    // It knows which arguments of a tool the server requires as headers.
    if (method === 'tools/call') return client.callTool(withMeta as unknown as CallToolRequest['params'], sent);
    return client.request({ method, params: withMeta }, ANYTHING, sent);
  }

  async function request(method: string, first: Params, context: PeerContext): Promise<Outcome> {
    // Such a client gets the input requests as the result, and sends the next request itself.
    if (context.envelope !== undefined) return { result: await send(method, first, context) };
    let params = first;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const result = await send(method, params, context);
      if (!isInputRequiredResult(result)) return { result };
      const step = await answerQuestions(result, first, context.requestClient);
      if ('outcome' in step) return step.outcome;
      params = step.next;
    }
    return { error: { code: -32_603, message: `the server requested input ${MAX_ROUNDS} times without a result` } };
  }

  function subscribe(uri: unknown, wants: boolean): Outcome {
    if (typeof uri !== 'string') return { error: { code: -32_602, message: 'the URI of the resource is missing' } };
    if (wants) subscribed.add(uri);
    else subscribed.delete(uri);
    listen();
    return { result: {} };
  }

  return {
    initialized: {
      protocolVersion: MODERN_VERSION,
      capabilities,
      serverInfo: client.getServerVersion() ?? { name: path, version: '0' },
      ...(instructions !== undefined && { instructions }),
    },
    async request({ method, params = {} }, context) {
      if (method === 'resources/subscribe') return subscribe(params['uri'], true);
      if (method === 'resources/unsubscribe') return subscribe(params['uri'], false);
      if (method === 'logging/setLevel') {
        logLevel = params['level'];
        return { result: {} };
      }
      running.add(context);
      try {
        // The protocol has no ping: server/discover takes its place.
        if (method !== 'ping') return await request(method, params, context);
        await request('server/discover', {}, context);
        return { result: {} };
      } catch (error) {
        return toOutcome(path, error, callMs);
      } finally {
        running.delete(context);
      }
    },
    notify(method) {
      if (method === 'notifications/initialized') listen();
    },
    async close() {
      listening?.stop();
      ending.abort();
      await client.close().catch(() => undefined);
    },
  };
}
