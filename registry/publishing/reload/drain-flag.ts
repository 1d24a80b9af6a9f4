import { describeError } from '../../lib/errors.ts';
import { SYSTEM_CLOCK, type Clock } from '../../lib/clock.ts';

export interface DrainFlag {
  /** Makes the gate close client connections after each response, if it does not yet. Never rejects. */
  raise(): Promise<void>;
  /** The same for a change that is still in progress; it is lowered when no reload follows within a second. Never rejects. */
  raiseEarly(): Promise<void>;
  /** Records how long the test of the next configuration took. */
  noteTest(tookMs: number): void;
  /** Waits until the flag has been up long enough for a reload to lose no request. */
  waitUntilEffective(): Promise<void>;
  /** Lowers it; the next call tries again when that fails. Never rejects. */
  lower(): Promise<void>;
}

export interface DrainFlagOptions {
  /** Writes `gate.json` (implemented by access). */
  setDrain: (on: boolean) => Promise<void>;
  /** How long the flag is up before NGINX closes idle connections. 0: this NGINX needs no flag. */
  drainMs: () => number;
  /** The shortest time between the reload signal and the moment at which NGINX closes them. */
  graceMs: number;
  onError: (message: string) => void;
  clock?: Clock;
}

/** How long a flag that was raised early waits for the reload: a probe may take ten times as long, and meanwhile clients would reconnect for each call. */
const EARLY_MS = 1_000;

/** Creates the flag that prevents the loss of requests on idle connections which a reload closes. */
export function createDrainFlag(options: DrainFlagOptions): DrainFlag {
  const { setDrain, drainMs, graceMs, onError, clock = SYSTEM_CLOCK } = options;
  let raisedAtMs: number | null = null;
  // After a crash the flag may still be up.
  let mayBeUp = true;
  let testedMs = 0;
  let queue = Promise.resolve();
  let early: AbortController | null = null;

  async function raiseNow(): Promise<void> {
    if (drainMs() === 0 || raisedAtMs !== null) return;
    mayBeUp = true;
    try {
      await setDrain(true);
      raisedAtMs = clock.nowMs();
    } catch (error) {
      // A reload without the flag occasionally loses a request; without a reload the change would be lost.
      onError(`The drain flag cannot be raised: ${describeError(error)}`);
    }
  }
  async function lowerNow(): Promise<void> {
    if (!mayBeUp) return;
    raisedAtMs = null;
    try {
      await setDrain(false);
      mayBeUp = false;
    } catch (error) {
      onError(`The drain flag cannot be lowered: ${describeError(error)}`);
    }
  }
  /** Runs steps one after another, so that the file reflects the last request. */
  const inOrder = (step: () => Promise<void>) => (queue = queue.then(step));
  function endEarly(): void {
    early?.abort();
    early = null;
  }

  return {
    raise() {
      endEarly();
      return inOrder(raiseNow);
    },
    raiseEarly() {
      if (drainMs() === 0 || raisedAtMs !== null || early !== null) return Promise.resolve();
      const { signal } = (early = new AbortController());
      void clock
        .sleep(EARLY_MS, signal)
        .catch(() => undefined)
        .then(() => {
          if (signal.aborted) return;
          early = null;
          return inOrder(lowerNow);
        });
      return inOrder(raiseNow);
    },
    noteTest(tookMs) {
      testedMs = tookMs;
    },
    async waitUntilEffective() {
      // NGINX reads the configuration again before it closes connections. The test also starts a process: at least half of its time is reading.
      const neededMs = drainMs() - graceMs - testedMs / 2;
      // A timer may fire a little early.
      while (raisedAtMs !== null && clock.nowMs() < raisedAtMs + neededMs)
        await clock.sleep(Math.ceil(raisedAtMs + neededMs - clock.nowMs()));
    },
    lower() {
      endEarly();
      return inOrder(lowerNow);
    },
  };
}
