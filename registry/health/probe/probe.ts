import {
  listEndpointCandidates,
  type InstanceEndpoints,
  type ProbeResult,
  type ProbeTarget,
} from '../../contract/index.ts';
import { explainFailure, type FailureContext } from '../explain/explain-failure.ts';
import type { Failure } from '../explain/failure.ts';
import { listSecrets, redact } from '../explain/redact.ts';
import { createDeadline } from '../transport/deadline.ts';
import { createGuardedAgent } from '../transport/guarded-agent.ts';
import { createRecordingFetch, type RecordingFetch } from '../transport/recording-fetch.ts';
import { performHandshake, type Handshake } from './mcp-handshake.ts';
import { NOTHING_FOUND, type ProbeOptions } from './probe-options.ts';
import { detectSse } from './probe-sse.ts';

// Ten thousand tools of 400 bytes; what is parsed takes several times its length.
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_HOPS = 3;
const SSE_BESIDE_MS = 1_500;

interface Found {
  handshake: Handshake;
  transport: 'streamable-http' | 'sse';
  endpoints: InstanceEndpoints;
}

/** What all steps of one probe share. */
interface ProbeContext {
  target: ProbeTarget;
  createFetch: () => RecordingFetch;
  failure: FailureContext;
  /** "?…" or "". */
  query: string;
  signal: AbortSignal;
}

function shake(url: string, kind: Found['transport'], recording: RecordingFetch, context: ProbeContext) {
  const { target, failure, query, signal } = context;
  const { timeoutMs } = failure;
  return performHandshake({ url: url + query, kind, headers: target.headers, recording, timeoutMs, signal });
}

/** Tries Streamable HTTP at one address; follows redirects within its origin. */
async function tryMcp(address: string, context: ProbeContext): Promise<Found | Failure> {
  let url = address;
  for (let hop = 0; ; hop += 1) {
    const recording = context.createFetch();
    try {
      const handshake = await shake(url, 'streamable-http', recording, context);
      return { handshake, transport: 'streamable-http', endpoints: { mcp: url, sse: null } };
    } catch (error) {
      const location = recording.last?.location ?? null;
      if (location === null || hop >= MAX_HOPS || new URL(location).origin !== new URL(url).origin)
        return explainFailure(recording.last, error, url, context.failure);
      url = new URL(location).origin + new URL(location).pathname;
    }
  }
}

async function trySse(address: string, context: ProbeContext): Promise<Found | Failure> {
  let recording = context.createFetch();
  try {
    const detected = await detectSse(recording, address, context.query, context.target.headers, context.signal);
    if (!detected) return explainFailure(recording.last, new Error('no endpoint event'), address, context.failure);
    recording = context.createFetch();
    const handshake = await shake(address, 'sse', recording, context);
    return { handshake, transport: 'sse', endpoints: { mcp: null, sse: address } };
  } catch (error) {
    return explainFailure(recording.last, error, address, context.failure);
  }
}

/** Whether a legacy endpoint exists beside a Streamable HTTP endpoint. Without a clear answer what was known stays. */
async function detectSseBeside(
  url: string,
  { createFetch, target, query, signal }: ProbeContext,
): Promise<string | null> {
  const deadline = createDeadline(SSE_BESIDE_MS, signal);
  try {
    return (await detectSse(createFetch(), url, query, target.headers, deadline.signal)) ? url : null;
  } catch {
    return target.known?.sse ?? null;
  } finally {
    deadline.done();
  }
}

/** The addresses to try, in order: those found before, then those that are likely. */
function listAttempts(target: ProbeTarget): { url: string; attempt: typeof tryMcp }[] {
  const candidates = listEndpointCandidates(target.url, target.transport);
  const { mcp = null, sse = null } = target.known ?? {};
  const urlsOf = (kind: 'mcp' | 'sse', known: string | null) => {
    const urls = candidates.filter((candidate) => candidate.kind === kind).map(({ url }) => url);
    return [...new Set(known === null ? urls : [known, ...urls])];
  };
  const mcpAttempts = urlsOf('mcp', mcp).map((url) => ({ url, attempt: tryMcp }));
  const sseAttempts = urlsOf('sse', sse).map((url) => ({ url, attempt: trySse }));
  const isSseFirst = candidates[0]?.kind === 'sse' || (sse !== null && mcp === null);
  return isSseFirst ? [...sseAttempts, ...mcpAttempts] : [...mcpAttempts, ...sseAttempts];
}

/** The first endpoint that passes, or of all failures the one that says most. */
async function tryCandidates(context: ProbeContext): Promise<Found | Failure> {
  let reported: Failure | null = null;
  for (const { url, attempt } of listAttempts(context.target)) {
    const outcome = await attempt(url, context);
    if ('handshake' in outcome) return outcome;
    if (reported === null || outcome.rank > reported.rank) reported = outcome;
    if (outcome.final || context.signal.aborted) break;
  }
  return reported ?? explainFailure(null, null, context.target.url, context.failure);
}

/**
 * Finds out what is at a URL: transport, era, endpoints, tools. Takes at most about `timeoutMs`, leaves no session and no socket behind,
 * and never throws: what is wrong is in `problem` and `remedy`, without any secret.
 */
export async function probe(target: ProbeTarget, options: ProbeOptions): Promise<ProbeResult> {
  const { guard, timeoutMs, ca } = options;
  const agent = createGuardedAgent({ guard, connectMs: timeoutMs, keepAliveMs: 1_000, ca, tls: target.tls });
  const deadline = createDeadline(timeoutMs, ...(options.signal === undefined ? [] : [options.signal]));
  const { signal } = deadline;
  const host = target.hostMode === 'public' ? options.publicHost : null;
  const context: ProbeContext = {
    target,
    createFetch: () => createRecordingFetch({ dispatcher: agent.dispatcher, host, maxBytes: MAX_BYTES, signal }),
    failure: {
      hostMode: target.hostMode,
      hasCredentials: Object.keys(target.headers).length > 0 || target.query !== '',
      timeoutMs,
      secrets: listSecrets(target.headers, target.query),
    },
    query: target.query === '' ? '' : `?${target.query}`,
    signal,
  };
  try {
    const found = await tryCandidates(context);
    if (!('handshake' in found)) return failed(found);
    const candidates = listEndpointCandidates(target.url, target.transport);
    const sse = target.known?.sse ?? candidates.find(({ kind }) => kind === 'sse')?.url;
    if (found.transport === 'streamable-http' && sse !== undefined)
      found.endpoints.sse = await detectSseBeside(sse, context);
    return {
      ...passed(found, context.failure.secrets),
      certificateExpiresAt: agent.certificateExpiresAt(),
    };
  } finally {
    deadline.done();
    await agent.destroy();
  }
}

function failed({ health, problem, remedy }: Failure): ProbeResult {
  return { ...NOTHING_FOUND, health, problem, remedy };
}

function passed(
  { handshake, transport, endpoints }: Found,
  secrets: readonly string[],
): Omit<ProbeResult, 'certificateExpiresAt'> {
  const { toolsProblem, malformed, ...rest } = handshake;
  return {
    health: toolsProblem === null ? 'healthy' : 'degraded',
    transport,
    endpoints,
    ...rest,
    malformed: malformed.map(({ name, problem }) => ({ name, problem: redact(problem, secrets) })),
    // It may quote names that the server sent, which may echo a credential.
    problem: toolsProblem && redact(toolsProblem.problem, secrets),
    remedy: toolsProblem?.remedy ?? null,
  };
}
