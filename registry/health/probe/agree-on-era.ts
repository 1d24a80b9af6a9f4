import { MODERN_VERSION, type Era } from '../../contract/index.ts';
import { isUnreachable } from '../explain/explain-network.ts';
import { resultOf, type Answer } from '../rpc/answer.ts';
import type { Channel } from '../rpc/channel.ts';
import { INITIALIZE, isKnownLegacy, MODERN, UNAGREED, UNSUPPORTED_VERSION, type Dialect } from '../rpc/dialect.ts';
import type { Clock } from './probe-clock.ts';

/** A handshake that passed: the revision of all further requests, and the server's own description. */
export interface Agreement {
  dialect: Dialect;
  /** The result of the request that passed. */
  result: Record<string, unknown>;
  /** Of the response, unchanged. */
  contentType: string;
  /** Of the request that passed, in milliseconds. */
  latencyMs: number;
}

const SELF_FIELDS = ['protocolVersion', 'capabilities', 'serverInfo'];

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Whether an answer can come from a server of the modern era only (MCP 2026-07-28, "Backward compatibility"). */
function isModernRefusal({ reply }: Answer): boolean {
  const data = reply?.error?.data as { supported?: unknown } | undefined;
  return (
    reply?.error?.code === UNSUPPORTED_VERSION && strings(data?.supported).some((version) => version >= MODERN_VERSION)
  );
}

/** The dialect that a result of `server/discover` agrees on; null: it is not a clear answer of the modern era. */
function readDiscovered(result: Record<string, unknown> | null): Dialect | null {
  return strings(result?.['supportedVersions']).includes(MODERN_VERSION) ? MODERN : null;
}

/** The dialect that a result of `initialize` agrees on; null: it is malformed, or of an unpublished version. */
function readInitialized(result: Record<string, unknown> | null): Dialect | null {
  if (result === null || !SELF_FIELDS.some((field) => field in result)) return null;
  const version = result['protocolVersion'];
  if (version === undefined) return UNAGREED;
  return typeof version === 'string' && isKnownLegacy(version) ? { era: 'legacy', version } : null;
}

async function attempt(channel: Channel, era: Era, timeoutMs: number): Promise<Agreement | Answer> {
  const began = performance.now();
  const answer =
    era === 'modern'
      ? await channel.request({ method: 'server/discover', params: {}, dialect: MODERN, timeoutMs })
      : await channel.request({ method: 'initialize', params: INITIALIZE, dialect: UNAGREED, timeoutMs });
  const latencyMs = Math.round((performance.now() - began) * 10) / 10;
  const result = resultOf(answer);
  const dialect = era === 'modern' ? readDiscovered(result) : readInitialized(result);
  if (dialect === null || result === null) return answer;
  return { dialect, result, contentType: answer.evidence?.contentType ?? '', latencyMs };
}

/** The handshake of the legacy era, the only one of its transport. Returns the answer when it does not pass. */
export function initialize(channel: Channel, clock: Clock): Promise<Agreement | Answer> {
  return attempt(channel, 'legacy', clock.requestMs());
}

/**
 * Determines the era of a server and performs its handshake. A known era is tried first. If it is unknown, `server/discover` gets a short deadline of its own,
 * and anything but a clear answer of the modern era leads to `initialize`: older servers answer an unknown method in many different ways. Returns the most
 * specific answer when neither passes.
 */
export async function agreeOnEra(channel: Channel, known: Era | null, clock: Clock): Promise<Agreement | Answer> {
  const discoverMs = known === 'modern' ? clock.requestMs() : clock.discoveryMs();
  const isLegacyFirst = known === 'legacy';
  const first = isLegacyFirst ? await initialize(channel, clock) : await attempt(channel, 'modern', discoverMs);
  if ('dialect' in first || isConclusive(first, clock)) return first;
  const second = isLegacyFirst ? await attempt(channel, 'modern', discoverMs) : await initialize(channel, clock);
  if ('dialect' in second) return second;
  const [discovered, initialized] = isLegacyFirst ? [second, first] : [first, second];
  // A modern server that answers `server/discover` too slowly identifies itself by its refusal of `initialize`.
  if (known === null && isModernRefusal(initialized) && !isModernRefusal(discovered) && !clock.isExpired()) {
    const again = await attempt(channel, 'modern', clock.requestMs());
    return 'dialect' in again ? again : initialized;
  }
  return isModernRefusal(discovered) ? discovered : initialized;
}

/** Whether the other era need not be tried: no server responds, it redirects, or the time is used up. */
function isConclusive(answer: Answer, clock: Clock): boolean {
  return isUnreachable(answer.error) || (answer.evidence?.location ?? null) !== null || clock.isExpired();
}
