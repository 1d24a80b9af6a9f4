/** How long the steps of a probe may take, in milliseconds. */
export interface Clock {
  /** For one request: never more than the remaining time. */
  requestMs(): number;
  /** For a request of the other era to a server whose era is not known: hardly any server takes longer to refuse a method. */
  discoveryMs(): number;
  isExpired(): boolean;
  /** A clock that ends earlier: with the share of one of `candidates`. */
  share(candidates: number): Clock;
}

/** A probe takes at most this multiple of the limit of one request: a correct server may need the full limit for several answers. */
const TOTAL = 3;
const DISCOVERY = 0.4;
const MAX_DISCOVERY_MS = 2_000;

/** The clock of a probe that begins now; `limitMs` is the limit of one request. */
export function startClock(limitMs: number, untilMs = performance.now() + TOTAL * limitMs): Clock {
  const discoveryMs = Math.min(MAX_DISCOVERY_MS, DISCOVERY * limitMs);
  const remainingMs = () => Math.max(1, Math.round(untilMs - performance.now()));
  return {
    requestMs: () => Math.min(limitMs, remainingMs()),
    discoveryMs: () => Math.min(discoveryMs, remainingMs()),
    isExpired: () => performance.now() >= untilMs,
    share(candidates) {
      // More than a request in each era takes, even if little time remains for the other candidates.
      const shareMs = Math.max(remainingMs() / candidates, 2 * limitMs);
      return startClock(limitMs, Math.min(untilMs, performance.now() + shareMs));
    },
  };
}
