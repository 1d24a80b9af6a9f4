import type { Era, ProbeResult } from '../../contract/index.ts';
import { explainFailure } from '../explain/explain-failure.ts';
import type { Failure, FailureContext } from '../explain/failure.ts';
import { quoteForeign } from '../explain/redact.ts';
import type { Answer } from '../rpc/answer.ts';
import type { Channel } from '../rpc/channel.ts';
import type { Dialect } from '../rpc/dialect.ts';
import { agreeOnEra, initialize } from './agree-on-era.ts';
import type { Flaw } from './flaw.ts';
import { listAllTools } from '../listing/list-all-tools.ts';
import type { Clock } from './probe-clock.ts';
import { readSelf } from './read-self.ts';

export interface Handshake extends Pick<
  ProbeResult,
  'era' | 'protocolVersion' | 'serverInfo' | 'capabilities' | 'tools' | 'malformed' | 'listing' | 'latencyMs'
> {
  /** Flaws that do not prevent calls. */
  flaws: Flaw[];
  /** Why the list of tools, or the rest of it, could not be read. */
  failure: Failure | null;
}

export interface HandshakeOptions {
  kind: 'mcp' | 'sse';
  /** The last known era; null: unknown. */
  era: Era | null;
  /** Limits the handshake. */
  clock: Clock;
  /** Limits the requests after it. */
  listClock: Clock;
  failure: FailureContext;
}

/** Notifies the server that the handshake is complete (MCP 2025-11-25, "Lifecycle"). Returns a flaw if the server rejects that. */
async function confirm(channel: Channel, dialect: Dialect, { listClock, failure }: HandshakeOptions): Promise<Flaw[]> {
  const timeoutMs = listClock.requestMs();
  const answer = await channel.notify({ method: 'notifications/initialized', params: {}, dialect, timeoutMs });
  const status = answer.evidence?.status ?? null;
  if (answer.error === null && status !== null && status < 300) return [];
  const { problem, remedy } = explainFailure(answer, failure);
  return [{ problem, remedy }];
}

/** The flaw of a content type that no client reads. */
function explainType(contentType: string): Flaw[] {
  if (/^(application\/json|text\/event-stream)\b/i.test(contentType)) return [];
  const type = quoteForeign(contentType.split(';')[0] ?? '', 60);
  return [
    {
      problem: `It answers the handshake ${type === '' ? 'without a content type' : `with content type ${type}`}`,
      remedy:
        'Make the server send application/json or text/event-stream: clients of the official SDKs read nothing else.',
    },
  ];
}

/**
 * Talks to one endpoint as a client does: handshake in the newest era that it supports, list of tools. The caller closes the channel. Returns the answer that
 * ended it when the handshake does not pass. Never throws.
 */
export async function performHandshake(channel: Channel, options: HandshakeOptions): Promise<Handshake | Answer> {
  const { kind, era, clock, listClock, failure } = options;
  const agreed = await (kind === 'sse' ? initialize(channel, clock) : agreeOnEra(channel, era, clock));
  if (!('dialect' in agreed)) return agreed;
  const { dialect, latencyMs } = agreed;
  const self = readSelf(agreed);
  const typeFlaws = kind === 'sse' ? [] : explainType(agreed.contentType);
  const confirmFlaws = dialect.era === 'legacy' ? await confirm(channel, dialect, options) : [];
  const isDeclared = self.capabilities.includes('tools');
  const { flaws, ...listed } = await listAllTools(channel, { dialect, isDeclared, clock: listClock, failure });
  return {
    era: dialect.era,
    protocolVersion: dialect.version,
    serverInfo: self.serverInfo,
    capabilities: self.capabilities,
    latencyMs,
    ...listed,
    flaws: [...self.flaws, ...typeFlaws, ...confirmFlaws, ...flaws],
  };
}
