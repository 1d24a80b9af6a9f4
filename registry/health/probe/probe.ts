import {
  listEndpointCandidates,
  type InstanceEndpoints,
  type ProbeResult,
  type ProbeTarget,
} from '../../contract/index.ts';
import { converse, type Conversation } from './mcp-handshake.ts';
import { createDeadline } from '../transport/deadline.ts';
import { createExchange, type Exchange } from '../transport/recording-fetch.ts';
import { explainFailure, type FailureContext } from '../explain/explain-failure.ts';
import type { Failure } from '../explain/failure.ts';
import { createGuardedAgent } from '../transport/guarded-agent.ts';
import { NOTHING_FOUND, type ProbeOptions } from './probe-options.ts';
import { learnSse, type LearntSse } from './probe-sse.ts';
import { listSecrets, redact } from '../explain/redact.ts';

// Ten thousand tools of 400 bytes; what is parsed takes several times its length.
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_HOPS = 3;
const BESIDES_MS = 1_500;

interface Found {
  conversation: Conversation;
  transport: 'streamable-http' | 'sse';
  endpoints: InstanceEndpoints;
}
const NO_SSE: LearntSse = { sse: null, message: null, messageForm: null, messageWritten: null };

/** Asks one address for Streamable HTTP; a redirect that stays on its host leads to where it points. */
async function tryMcp(address: string, target: ProbeTarget, look: Look): Promise<Found | Failure> {
  let url = address;
  for (let hop = 0; ; hop += 1) {
    const exchange = look.exchange();
    try {
      const conversation = await converse({
        url: url + look.query,
        kind: 'streamable-http',
        headers: target.headers,
        exchange,
        timeoutMs: look.context.timeoutMs,
        signal: look.signal,
      });
      return { conversation, transport: 'streamable-http', endpoints: { mcp: url, ...NO_SSE } };
    } catch (error) {
      const location = exchange.last?.location ?? null;
      if (location === null || hop >= MAX_HOPS || new URL(location).origin !== new URL(url).origin)
        return explainFailure(exchange.last, error, url, look.context);
      url = new URL(location).origin + new URL(location).pathname;
    }
  }
}

async function trySse(address: string, target: ProbeTarget, look: Look): Promise<Found | Failure> {
  const exchange = look.exchange();
  try {
    const learnt = await learnSse(exchange, address, look.query, target.headers, look.signal);
    if (learnt === null) return explainFailure(exchange.last, new Error('no endpoint event'), address, look.context);
    const speaking = look.exchange();
    try {
      const conversation = await converse({
        url: address + look.query,
        kind: 'sse',
        headers: target.headers,
        exchange: speaking,
        timeoutMs: look.context.timeoutMs,
        signal: look.signal,
      });
      return { conversation, transport: 'sse', endpoints: { mcp: null, ...learnt } };
    } catch (error) {
      return explainFailure(speaking.last, error, address, look.context);
    }
  } catch (error) {
    return explainFailure(exchange.last, error, address, look.context);
  }
}

/** What all steps of one probe share. */
interface Look {
  exchange: () => Exchange;
  context: FailureContext;
  /** "?…" or "". */
  query: string;
  signal: AbortSignal;
}

/** Besides a Streamable HTTP endpoint: is there a legacy one too? No clear answer leaves what was known. */
async function learnBesides(url: string, target: ProbeTarget, look: Look): Promise<LearntSse> {
  const deadline = createDeadline(BESIDES_MS, look.signal);
  try {
    return (await learnSse(look.exchange(), url, look.query, target.headers, deadline.signal)) ?? NO_SSE;
  } catch {
    const { sse, message, messageForm, messageWritten } = target.known ?? NO_SSE;
    return { sse, message, messageForm, messageWritten };
  } finally {
    deadline.done();
  }
}

function order(target: ProbeTarget): { url: string; try: typeof tryMcp }[] {
  const candidates = listEndpointCandidates(target.url, target.transport);
  const { mcp = null, sse = null } = target.known ?? {};
  const urlsOf = (kind: 'mcp' | 'sse', known: string | null) => {
    const urls = candidates.filter((candidate) => candidate.kind === kind).map(({ url }) => url);
    return [...new Set(known === null ? urls : [known, ...urls])];
  };
  const mcpFirst = urlsOf('mcp', mcp).map((url) => ({ url, try: tryMcp }));
  const sseFirst = urlsOf('sse', sse).map((url) => ({ url, try: trySse }));
  const isSseFirst = candidates[0]?.kind === 'sse' || (sse !== null && mcp === null);
  return isSseFirst ? [...sseFirst, ...mcpFirst] : [...mcpFirst, ...sseFirst];
}

async function search(target: ProbeTarget, look: Look): Promise<Found | Failure> {
  let told: Failure | null = null;
  for (const candidate of order(target)) {
    const outcome = await candidate.try(candidate.url, target, look);
    if ('conversation' in outcome) return outcome;
    if (told === null || outcome.rank > told.rank) told = outcome;
    if (outcome.final || look.signal.aborted) break;
  }
  return told ?? explainFailure(null, null, target.url, look.context);
}

/**
 * Finds out what is at a URL: transport, era, endpoints, tools. Takes at most about `timeoutMs`, leaves no session and no socket behind,
 * and never throws: what is wrong is in `problem` and `remedy`, without any secret.
 */
export async function probe(target: ProbeTarget, options: ProbeOptions): Promise<ProbeResult> {
  const agent = createGuardedAgent({
    guard: options.guard,
    connectMs: options.timeoutMs,
    keepAliveMs: 1_000,
    ca: options.ca,
  });
  const deadline = createDeadline(options.timeoutMs, ...(options.signal === undefined ? [] : [options.signal]));
  const { signal } = deadline;
  const look: Look = {
    exchange: () =>
      createExchange({
        dispatcher: agent.dispatcher,
        host: target.hostMode === 'public' ? options.publicHost : null,
        maxBytes: MAX_BYTES,
        signal,
      }),
    context: {
      hostMode: target.hostMode,
      hasCredentials: Object.keys(target.headers).length > 0 || target.query !== '',
      timeoutMs: options.timeoutMs,
      secrets: listSecrets(target.headers, target.query),
    },
    query: target.query === '' ? '' : `?${target.query}`,
    signal,
  };
  try {
    const found = await search(target, look);
    if (!('conversation' in found)) return failed(found);
    const candidates = listEndpointCandidates(target.url, target.transport);
    const sse = target.known?.sse ?? candidates.find(({ kind }) => kind === 'sse')?.url;
    if (found.transport === 'streamable-http' && sse !== undefined)
      Object.assign(found.endpoints, await learnBesides(sse, target, look));
    return passed(found, look.context.secrets);
  } finally {
    deadline.done();
    await agent.destroy();
  }
}

function failed({ observed, problem, remedy }: Failure): ProbeResult {
  return { ...NOTHING_FOUND, observed, problem, remedy };
}

function passed({ conversation, transport, endpoints }: Found, secrets: readonly string[]): ProbeResult {
  const { era, protocolVersion, serverInfo, capabilities, tools, leftOut, latencyMs, toolsProblem } = conversation;
  return {
    observed: toolsProblem === null ? 'healthy' : 'degraded',
    transport,
    endpoints,
    era,
    protocolVersion,
    serverInfo,
    capabilities,
    tools,
    leftOut: leftOut.map(({ name, problem }) => ({ name, problem: redact(problem, secrets) })),
    latencyMs,
    // It may quote names that the server gave, which may give back what it was sent.
    problem: toolsProblem && redact(toolsProblem.problem, secrets),
    remedy: toolsProblem?.remedy ?? null,
  };
}
