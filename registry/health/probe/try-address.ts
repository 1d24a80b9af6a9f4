import type { Era, InstanceEndpoints, ProbeTarget } from '../../contract/index.ts';
import { explainFailure } from '../explain/explain-failure.ts';
import { isSignInPage } from '../explain/explain-redirect.ts';
import type { Failure, FailureContext } from '../explain/failure.ts';
import { createHttpChannel } from '../rpc/http-channel.ts';
import { openSseChannel } from '../rpc/sse-channel.ts';
import { openWebSocketChannel } from '../rpc/websocket-channel.ts';
import { createAnswer, type Answer } from '../rpc/answer.ts';
import type { WebSocketOptions } from '../../upstream/index.ts';
import type { RecordingFetch } from '../transport/recording-fetch.ts';
import { performHandshake, type Handshake } from './perform-handshake.ts';
import type { Clock } from './probe-clock.ts';

/** An endpoint that passed. */
export interface Found {
  handshake: Handshake;
  transport: 'streamable-http' | 'sse' | 'websocket';
  endpoints: InstanceEndpoints;
}

/** What all steps of one probe share. */
export interface ProbeContext {
  target: ProbeTarget;
  createFetch: () => RecordingFetch;
  failure: FailureContext;
  /** "?…" or "". */
  query: string;
  signal: AbortSignal;
  /** Ends the whole probe. */
  clock: Clock;
  /** How WebSockets are opened. */
  webSocket: Pick<WebSocketOptions, 'guard' | 'ca' | 'tls' | 'maxBytes'>;
}

const MAX_SPELLINGS = 4;

async function talkHttp(
  url: string,
  clock: Clock,
  era: Era | null,
  context: ProbeContext,
): Promise<Handshake | Answer> {
  const { target, failure, query, signal } = context;
  const channel = createHttpChannel({ url, query, headers: target.headers, recording: context.createFetch(), signal });
  try {
    return await performHandshake(channel, { kind: 'mcp', era, clock, listClock: context.clock, failure });
  } finally {
    await channel.close();
  }
}

async function talkSse(url: string, clock: Clock, context: ProbeContext): Promise<Handshake | Answer> {
  const { target, failure, query, signal } = context;
  const recording = context.createFetch();
  const options = { url, query, headers: target.headers, recording, signal };
  const { channel, answer } = await openSseChannel(options, clock.requestMs());
  if (channel === null) return answer;
  try {
    return await performHandshake(channel, { kind: 'sse', era: 'legacy', clock, listClock: context.clock, failure });
  } finally {
    await channel.close();
  }
}

/** Performs the handshake with a WebSocket server: it has one address and uses the protocol with sessions. */
export async function tryWebSocket(url: string, context: ProbeContext): Promise<Handshake | Failure> {
  const { target, failure, query, signal, clock, webSocket } = context;
  const options = { ...webSocket, url: url + query, headers: target.headers, connectMs: clock.requestMs() };
  const { channel, answer } = await openWebSocketChannel(url, options, signal);
  if (channel === null) return explainFailure(answer, failure);
  try {
    const handshakeOptions = { kind: 'sse', era: 'legacy', clock, listClock: clock, failure } as const;
    const outcome = await performHandshake(channel, handshakeOptions);
    return 'tools' in outcome ? outcome : explainFailure(outcome, failure);
  } finally {
    await channel.close();
  }
}

/**
 * Another spelling of an address that may be the correct one: the target of a redirect, always at the registered origin since a server may use an internal
 * name for itself, or the same address with or without a trailing slash. Null when there is none.
 */
export function respell(address: string, { evidence }: Answer): string | null {
  const { origin, pathname } = new URL(address);
  if (evidence?.location) return isSignInPage(evidence.location) ? null : origin + new URL(evidence.location).pathname;
  if (evidence?.status !== 404 && evidence?.status !== 405) return null;
  // The message endpoint of a legacy stream is missing, but its stream exists.
  if (evidence.url !== address || pathname === '/') return null;
  return origin + (pathname.endsWith('/') ? pathname.slice(0, -1) : `${pathname}/`);
}

/** Tries one transport at an address, in every spelling that its answers suggest. */
export async function tryAddress(
  kind: 'mcp' | 'sse',
  address: string,
  clock: Clock,
  context: ProbeContext,
): Promise<Found | Failure> {
  const era = context.target.era ?? null;
  const tried = new Set<string>();
  let url: string | null = address;
  let reported: Failure | null = null;
  while (url !== null && !tried.has(url) && tried.size < MAX_SPELLINGS) {
    tried.add(url);
    const outcome = kind === 'sse' ? await talkSse(url, clock, context) : await talkHttp(url, clock, era, context);
    if ('tools' in outcome)
      return kind === 'sse'
        ? { handshake: outcome, transport: 'sse', endpoints: { mcp: null, sse: url } }
        : { handshake: outcome, transport: 'streamable-http', endpoints: { mcp: url, sse: null } };
    const failure = explainFailure(outcome, context.failure);
    if (reported === null || failure.rank > reported.rank) reported = failure;
    if (failure.final || clock.isExpired()) break;
    url = respell(url, outcome);
  }
  return reported ?? explainFailure(createAnswer('initialize', address, 0), context.failure);
}
