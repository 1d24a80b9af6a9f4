import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
} from '@modelcontextprotocol/client';
import type { Era, HealthStatus, ProbeTarget } from '../../contract/index.ts';
import { CLIENT_INFO } from '../../lib/version.ts';
import { createDeadline } from '../transport/deadline.ts';
import { createRecordingFetch, type RecordingFetchOptions } from '../transport/recording-fetch.ts';
import { explainNetworkError } from '../explain/explain-network.ts';
import type { ConnectTo } from '../transport/guarded-agent.ts';
import { POST_HEADERS } from '../transport/media-types.ts';
import { sendLight, type LightReply, type LightRequest } from '../transport/light-request.ts';
import { openSseChannel } from '../rpc/sse-channel.ts';

/** A server that was probed before, with its protocol. */
export interface LightTarget extends ProbeTarget {
  era: Era;
  protocolVersion: string;
}

export interface LightOptions {
  /** Creates the client of one origin; it is destroyed after the check. */
  connect: ConnectTo;
  publicHost: string;
  timeoutMs: number;
  signal: AbortSignal;
}

export type LightOutcome =
  | { kind: 'passed'; latencyMs: number; certificateExpiresAt: string | null }
  | { kind: 'down'; health: HealthStatus; problem: string; remedy: string }
  /** It responds, but not as before: only a full probe can determine its state. */
  | { kind: 'unclear' };

const MAX_BYTES = 256 * 1024;
const END_SESSION_MS = 1_000;

/** How a legacy stream is opened. */
type Connection = Pick<RecordingFetchOptions, 'dispatcher' | 'host' | 'signal'>;

/** What all requests of one check share. */
interface LightCheck {
  target: LightTarget;
  url: string;
  send: (
    request: Pick<LightRequest, 'method' | 'headers' | 'body' | 'isLast'>,
    signal?: AbortSignal,
  ) => Promise<LightReply>;
}

function resultOf({ status, message }: LightReply): Record<string, unknown> {
  const result = status === 200 ? message?.['result'] : undefined;
  return typeof result === 'object' && result !== null ? (result as Record<string, unknown>) : {};
}

async function discover({ target, send }: LightCheck): Promise<boolean> {
  const _meta = {
    [PROTOCOL_VERSION_META_KEY]: target.protocolVersion,
    [CLIENT_INFO_META_KEY]: CLIENT_INFO,
    [CLIENT_CAPABILITIES_META_KEY]: {},
  };
  const reply = await send({
    method: 'POST',
    headers: {
      ...target.headers,
      ...POST_HEADERS,
      'mcp-protocol-version': target.protocolVersion,
      'mcp-method': 'server/discover',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'server/discover', params: { _meta } }),
    isLast: true,
  });
  const versions = resultOf(reply)['supportedVersions'];
  return Array.isArray(versions) && versions.includes(target.protocolVersion);
}

async function initialize(check: LightCheck): Promise<boolean> {
  const { target, send } = check;
  const params = { protocolVersion: target.protocolVersion, capabilities: {}, clientInfo: CLIENT_INFO };
  const reply = await send({
    method: 'POST',
    headers: { ...target.headers, ...POST_HEADERS },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
  });
  if (reply.sessionId !== null) await endSession(check, reply.sessionId);
  return resultOf(reply)['protocolVersion'] === target.protocolVersion;
}

async function endSession({ target, send }: LightCheck, sessionId: string): Promise<void> {
  const deadline = createDeadline(END_SESSION_MS);
  const { headers, protocolVersion } = target;
  try {
    await send(
      {
        method: 'DELETE',
        headers: { ...headers, 'mcp-session-id': sessionId, 'mcp-protocol-version': protocolVersion },
        isLast: true,
      },
      deadline.signal,
    );
  } catch {
    // A server may refuse it (405) or no longer exist; nothing else can be done.
  } finally {
    deadline.done();
  }
}

/** Opens the stream of a legacy endpoint and closes it again. Throws network errors. */
async function openStream({ target, url }: LightCheck, connection: Connection, timeoutMs: number): Promise<boolean> {
  const recording = createRecordingFetch({ ...connection, maxBytes: MAX_BYTES });
  const query = target.query === '' ? '' : `?${target.query}`;
  const options = { url, query, headers: target.headers, recording, signal: connection.signal };
  const { answer, channel } = await openSseChannel(options, timeoutMs);
  await channel?.close();
  if (channel === null && answer.error !== null) throw answer.error as Error;
  return channel !== null;
}

/**
 * Repeats only the handshake that a known server passed before, over a separate connection: for sweeps of many servers. Ends its session
 * afterwards. Never throws.
 */
export async function checkLight(target: LightTarget, options: LightOptions): Promise<LightOutcome> {
  const host = target.hostMode === 'public' ? options.publicHost : null;
  const { mcp = null, sse = null } = target.known ?? {};
  const url = mcp ?? sse;
  if (url === null) return { kind: 'unclear' };
  const deadline = createDeadline(options.timeoutMs, options.signal);
  const connection = options.connect(new URL(url).origin, target.tls);
  const check: LightCheck = {
    target,
    url,
    send: (request, signal = deadline.signal) =>
      sendLight(connection.dispatcher, {
        ...request,
        url: target.query === '' ? url : `${url}?${target.query}`,
        host,
        signal,
      }),
  };
  const { era } = target;
  const step = mcp === null ? 'the event stream' : era === 'modern' ? 'server/discover' : 'initialize';
  const run = () => {
    const { signal } = deadline;
    if (mcp === null) return openStream(check, { dispatcher: connection.dispatcher, host, signal }, options.timeoutMs);
    return era === 'modern' ? discover(check) : initialize(check);
  };
  const began = performance.now();
  try {
    if (!(await run())) return { kind: 'unclear' };
    const latencyMs = Math.round((performance.now() - began) * 10) / 10;
    return { kind: 'passed', latencyMs, certificateExpiresAt: connection.certificateExpiresAt() };
  } catch (error) {
    const failure = explainNetworkError(error, { step, url, registered: target.url, timeoutMs: options.timeoutMs });
    if (failure === null) return { kind: 'unclear' };
    const { health, problem, remedy } = failure;
    return { kind: 'down', health, problem, remedy };
  } finally {
    deadline.done();
    void connection.destroy();
  }
}
