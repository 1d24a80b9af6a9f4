import {
  isWebSocketUrl,
  listEndpointCandidates,
  type EndpointCandidate,
  type ProbeResult,
  type ProbeTarget,
} from '../../contract/index.ts';
import { NO_ENDPOINT_RANK, type Failure } from '../explain/failure.ts';
import { listSecrets, redact } from '../explain/redact.ts';
import { openSseChannel } from '../rpc/sse-channel.ts';
import { createGuardedAgent } from '../transport/guarded-agent.ts';
import { joinSignals } from '../transport/deadline.ts';
import { createRecordingFetch } from '../transport/recording-fetch.ts';
import { joinFlaws } from './flaw.ts';
import { startClock } from './probe-clock.ts';
import { NOTHING_FOUND, type ProbeOptions } from './probe-options.ts';
import { tryAddress, tryWebSocket, type Found, type ProbeContext } from './try-address.ts';

// Ten thousand tools of 400 bytes; parsed JSON takes several times its length.
const MAX_BYTES = 4 * 1024 * 1024;
const SSE_BESIDE_MS = 1_500;
const NO_ENDPOINTS = { mcp: null, sse: null };

/** Whether a legacy endpoint exists beside a Streamable HTTP endpoint. Without a clear answer the known one is retained. */
async function detectSseBeside(url: string, context: ProbeContext): Promise<string | null> {
  const { createFetch, target, query, signal } = context;
  const options = { url, query, headers: target.headers, recording: createFetch(), signal };
  const { answer, channel } = await openSseChannel(options, SSE_BESIDE_MS);
  await channel?.close();
  if (channel !== null) return url;
  return answer.error === null ? null : (target.known?.sse ?? null);
}

/** The addresses to try, in order: those found before, then those that are likely. */
function listCandidates(target: ProbeTarget): EndpointCandidate[] {
  const candidates = listEndpointCandidates(target.url, target.transport);
  const known = (['mcp', 'sse'] as const).flatMap((kind): EndpointCandidate[] => {
    const url = target.known?.[kind] ?? null;
    const isCandidate = candidates.some((candidate) => candidate.kind === kind);
    return url === null || !isCandidate ? [] : [{ kind, url }];
  });
  const isKnown = ({ kind, url }: EndpointCandidate) => known.some((found) => found.kind === kind && found.url === url);
  return [...known, ...candidates.filter((candidate) => !isKnown(candidate))];
}

/** The first endpoint that passes, or the most specific of all failures. */
async function tryCandidates(context: ProbeContext): Promise<Found | Failure> {
  const candidates = listCandidates(context.target);
  const failures: Failure[] = [];
  for (const [index, { kind, url }] of candidates.entries()) {
    const outcome = await tryAddress(kind, url, context.clock.share(candidates.length - index), context);
    if ('handshake' in outcome) return outcome;
    failures.push(outcome);
    if (outcome.final || context.clock.isExpired() || context.signal.aborted) break;
  }
  const [first, ...others] = failures.toSorted((a, b) => b.rank - a.rank);
  if (first === undefined) throw new Error('a server has at least one address');
  if (first.rank > NO_ENDPOINT_RANK || others.length === 0) return first;
  const paths = [...new Set(candidates.map(({ url }) => new URL(url).pathname))];
  return { ...first, problem: `${first.problem}; tried: ${paths.join(', ')}` };
}

function hasCredentials({ headers, query }: ProbeTarget): boolean {
  // An empty header is no credential, nor is the name of a scheme alone.
  return query !== '' || Object.values(headers).some((value) => !/^\s*(bearer|basic)?\s*$/i.test(value));
}

/**
 * Determines what is at a URL: transport, era, endpoints, tools. A request takes at most `timeoutMs`, the whole at most about three times as long. Leaves no
 * session and no socket behind, and never throws: what is wrong is in `problem` and `remedy`, without any secret.
 */
export async function probe(target: ProbeTarget, options: ProbeOptions): Promise<ProbeResult> {
  const { guard, timeoutMs, ca } = options;
  const agent = createGuardedAgent({ guard, connectMs: timeoutMs, keepAliveMs: 1_000, ca, tls: target.tls });
  const closing = joinSignals(...(options.signal === undefined ? [] : [options.signal]));
  const { signal } = closing;
  const host = target.hostMode === 'public' ? options.publicHost : null;
  const context: ProbeContext = {
    target,
    createFetch: () => createRecordingFetch({ dispatcher: agent.dispatcher, host, maxBytes: MAX_BYTES, signal }),
    failure: {
      registered: target.url,
      hostMode: target.hostMode,
      hasCredentials: hasCredentials(target),
      secrets: listSecrets(target.headers, target.query),
    },
    query: target.query === '' ? '' : `?${target.query}`,
    signal,
    clock: startClock(timeoutMs),
    webSocket: { guard, ca, maxBytes: MAX_BYTES, ...(target.tls && { tls: target.tls }) },
  };
  try {
    if (isWebSocketUrl(target.url)) {
      const handshake = await tryWebSocket(target.url, context);
      if (!('tools' in handshake)) return showFailure(handshake);
      const found = showFound({ handshake, transport: 'websocket', endpoints: NO_ENDPOINTS }, context.failure.secrets);
      return { ...found, endpoints: null, certificateExpiresAt: null };
    }
    const found = await tryCandidates(context);
    if (!('handshake' in found)) return showFailure(found);
    const candidates = listEndpointCandidates(target.url, target.transport);
    const sse = target.known?.sse ?? candidates.find(({ kind }) => kind === 'sse')?.url;
    if (found.transport === 'streamable-http' && sse !== undefined)
      found.endpoints.sse = await detectSseBeside(sse, context);
    return { ...showFound(found, context.failure.secrets), certificateExpiresAt: agent.certificateExpiresAt() };
  } finally {
    closing.done();
    await agent.destroy();
  }
}

function showFailure({ health, problem, remedy }: Failure): ProbeResult {
  return { ...NOTHING_FOUND, health, problem, remedy };
}

function showFound(
  { handshake, transport, endpoints }: Found,
  secrets: readonly string[],
): Omit<ProbeResult, 'certificateExpiresAt'> {
  const { flaws, failure, malformed, ...rest } = handshake;
  const joined = joinFlaws(failure === null ? flaws : [failure, ...flaws]);
  const flawed = failure?.health === 'auth_required' ? 'auth_required' : 'degraded';
  return {
    health: joined === null ? 'healthy' : flawed,
    transport,
    endpoints,
    ...rest,
    malformed: malformed.map(({ name, problem }) => ({ name, problem: redact(problem, secrets) })),
    // It may quote names that the server sent, which may echo a credential.
    problem: joined && redact(joined.problem, secrets),
    remedy: joined?.remedy ?? null,
  };
}
