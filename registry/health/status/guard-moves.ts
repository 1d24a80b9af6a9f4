import type { InstanceEndpoints, ProbeResult } from '../../contract/index.ts';

/** Moves of one instance's endpoints that checks found since a person last changed the server. */
export interface Moves {
  /** Revision of the server; a change by a person changes it. */
  revision: number;
  /** How many were published. */
  count: number;
  /** When the next may be published, in epoch milliseconds. */
  freeAtMs: number;
}

export interface SeenEndpoints {
  stored: InstanceEndpoints | null;
  /** Null: nothing was found. */
  found: InstanceEndpoints | null;
  revision: number;
  nowMs: number;
}

export interface JudgedMove {
  /** What is to be stored, and published if it differs. */
  endpoints: InstanceEndpoints | null;
  moves: Moves | null;
  /** The endpoints moved and must wait until then, in epoch milliseconds. */
  heldUntilMs: number | null;
}

const FIRST_BACKOFF_MS = 10 * 60_000;
const MAX_BACKOFF_MS = 24 * 60 * 60_000;

function isSame(a: InstanceEndpoints | null, b: InstanceEndpoints | null): boolean {
  return a?.mcp === b?.mcp && a?.sse === b?.sse;
}

/**
 * Decides whether endpoints that a check found may be published. The first move is, since a server that was down is often registered with a guessed address. Each
 * further move without a change by a person in between waits, ten minutes at first and twice as long each time: a server that changes its endpoints all the
 * time must not reload NGINX all the time.
 */
export function guardMoves(before: Moves | null, { stored, found, revision, nowMs }: SeenEndpoints): JudgedMove {
  const moves = before?.revision === revision ? before : null;
  if (found === null || isSame(found, stored)) return { endpoints: stored, moves, heldUntilMs: null };
  if (moves !== null && nowMs < moves.freeAtMs) return { endpoints: stored, moves, heldUntilMs: moves.freeAtMs };
  const count = (moves?.count ?? 0) + 1;
  const freeAtMs = nowMs + Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (count - 1));
  return { endpoints: found, moves: { revision, count, freeAtMs }, heldUntilMs: null };
}

function formatEndpoints(endpoints: InstanceEndpoints | null): string {
  const urls = [endpoints?.mcp, endpoints?.sse].filter((url) => typeof url === 'string');
  return urls.length === 0 ? 'nowhere' : urls.join(' and ');
}

/** The result of a check whose endpoints must wait: calls still go to the previous ones. */
export function explainHeld(result: ProbeResult, stored: InstanceEndpoints | null, heldUntilMs: number): ProbeResult {
  const until = new Date(heldUntilMs).toISOString().slice(0, 16).replace('T', ' ');
  const more = result.problem === null ? '' : `. ${result.problem}`;
  return {
    ...result,
    health: result.health === 'healthy' ? 'degraded' : result.health,
    problem: `Its endpoints changed again by themselves: it is found at ${formatEndpoints(result.endpoints)}, and calls still go to ${formatEndpoints(stored)}, until ${until} UTC at least${more}`,
    remedy: `Register the correct address, which is published at once, and find out why the server moves.`,
  };
}
