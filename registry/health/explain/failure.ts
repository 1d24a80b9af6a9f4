import type { HealthStatus, HostMode } from '../../contract/index.ts';
import type { Answer } from '../rpc/answer.ts';

/** Why an endpoint did not pass. */
export interface Failure {
  health: Extract<HealthStatus, 'unhealthy' | 'auth_required' | 'degraded'>;
  problem: string;
  remedy: string;
  /** How specific it is: of several endpoints that were tried, the highest is reported. */
  rank: number;
  /** No other endpoint of this server can do better. */
  final: boolean;
}

/** What an explanation depends on. */
export interface FailureContext {
  /** The address that the operator registered, without query. */
  registered: string;
  hostMode: HostMode;
  /** The server is called with its own credentials. */
  hasCredentials: boolean;
  /** Values that must not appear in any text. */
  secrets: readonly string[];
}

/** An answer, and the message of the server in it, as ": …". */
export type QuotedAnswer = Answer & { quoted: string };

/** The rank of an address without an endpoint. */
export const NO_ENDPOINT_RANK = 10;

/** A failure at an address, with the members of `more`. */
export function createFailure(rank: number, problem: string, remedy: string, more: Partial<Failure> = {}): Failure {
  return { health: 'unhealthy', rank, problem, remedy, final: false, ...more };
}

/** The request that failed. */
export interface RequestContext {
  /** A method of MCP, or "the event stream". */
  step: string;
  /** Address without query. */
  url: string;
  /** The address that the operator registered, without query. */
  registered: string;
  timeoutMs: number;
}

/** Appends the failed request to a problem: the step, the address, and the registered address if it differs. */
export function nameStep(failure: Failure, { step, url, registered }: RequestContext): Failure {
  const as = url === registered ? '' : `, registered as ${registered}`;
  return { ...failure, problem: `${failure.problem}. Failed step: ${step} at ${url}${as}` };
}
