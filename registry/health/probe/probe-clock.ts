/** How long the steps of a probe may take, in milliseconds. */
export interface Clock {
  /** For one request: never more than what is left. */
  requestMs(): number;
  /** For a request of the other era to a server whose era is not known: hardly any server takes so long to refuse a method. */
  discoveryMs(): number;
  isOver(): boolean;
  /** A clock that ends earlier: with the share of one of so many candidates. */
  share(candidates: number): Clock;
}

/** A probe takes at most so many times the limit of one request: a correct server may need it for each of several answers. */
const TOTAL = 3;
const DISCOVERY = 0.4;
const MAX_DISCOVERY_MS = 2_000;

/** The clock of a probe that begins now; `limitMs` is the limit of one request. */
export function startClock(limitMs: number, untilMs = performance.now() + TOTAL * limitMs): Clock {
  const discoveryMs = Math.min(MAX_DISCOVERY_MS, DISCOVERY * limitMs);
  const leftMs = () => Math.max(1, Math.round(untilMs - performance.now()));
  return {
    requestMs: () => Math.min(limitMs, leftMs()),
    discoveryMs: () => Math.min(discoveryMs, leftMs()),
    isOver: () => performance.now() >= untilMs,
    share(candidates) {
      // More than two requests in both eras take, even where little is left for the others then.
      const shareMs = Math.max(leftMs() / candidates, 2 * limitMs);
      return startClock(limitMs, Math.min(untilMs, performance.now() + shareMs));
    },
  };
}
