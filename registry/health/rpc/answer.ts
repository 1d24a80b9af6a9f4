import type { Evidence } from '../transport/recording-fetch.ts';

/** A JSON-RPC reply with the id of the request. */
export interface RpcReply {
  result?: Record<string, unknown>;
  error?: { code?: unknown; message?: unknown; data?: unknown };
}

/** One request of a probe and its outcome: all that an explanation is based on. */
export interface Answer {
  /** The request: a method of MCP, or "the event stream". */
  step: string;
  /** Its time limit, in milliseconds. */
  timeoutMs: number;
  /** The address of the request, without query. */
  url: string;
  /** The HTTP exchange; null when none began. */
  evidence: Evidence | null;
  /** Why there is no reply. */
  error: unknown;
  /** Null when no reply to the request was received. */
  reply: RpcReply | null;
  /** The id of a reply that is not that of the request, as JSON. */
  otherId: string | null;
  /** Events that a stream sent instead. */
  events: readonly string[];
  /** The data of the `endpoint` event of a legacy stream, unchanged. */
  endpoint: string | null;
}

/** An answer that was not received yet. */
export function createAnswer(step: string, url: string, timeoutMs: number): Answer {
  return { step, timeoutMs, url, evidence: null, error: null, reply: null, otherId: null, events: [], endpoint: null };
}

/** The result of an answer, or null when there is none. */
export function resultOf(answer: Answer): Record<string, unknown> | null {
  const { evidence, reply } = answer;
  const isAccepted = evidence !== null && evidence.status !== null && evidence.status < 300;
  return isAccepted && typeof reply?.result === 'object' ? reply.result : null;
}
