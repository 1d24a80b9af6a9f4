import { describeError } from '../../lib/errors.ts';
import { SYSTEM_CLOCK, type Clock } from '../../lib/clock.ts';

export interface DrainFlag {
  /** Has the gate close client connections after each response, if it does not yet. Never rejects. */
  raise(): Promise<void>;
  /** Waits until the flag has been up long enough for a reload to lose no request. */
  waitUntilEffective(): Promise<void>;
  /** Lowers it; the next call tries again when that fails. Never rejects. */
  lower(): Promise<void>;
}

export interface DrainFlagOptions {
  /** Writes `gate.json` (the access part does). */
  setDrain: (on: boolean) => Promise<void>;
  /** How long the flag is up before NGINX closes idle connections. 0: this NGINX needs no flag. */
  drainMs: () => number;
  /** The shortest time between the reload signal and the moment at which NGINX closes them. */
  graceMs: number;
  onError: (message: string) => void;
  clock?: Clock;
}

/** Creates the flag that prevents the loss of requests on idle connections which a reload closes. */
export function createDrainFlag(options: DrainFlagOptions): DrainFlag {
  const { setDrain, drainMs, graceMs, onError, clock = SYSTEM_CLOCK } = options;
  let raisedAtMs: number | null = null;
  // After a crash the flag may still be up.
  let mayBeUp = true;

  return {
    async raise() {
      if (drainMs() === 0 || raisedAtMs !== null) return;
      mayBeUp = true;
      try {
        await setDrain(true);
        raisedAtMs = clock.nowMs();
      } catch (error) {
        // A reload without the flag loses a request now and then; no reload would lose the change.
        onError(`The drain flag cannot be raised: ${describeError(error)}`);
      }
    },
    async waitUntilEffective() {
      // A timer may ring a little early.
      while (raisedAtMs !== null && clock.nowMs() < raisedAtMs + drainMs() - graceMs)
        await clock.sleep(Math.ceil(raisedAtMs + drainMs() - graceMs - clock.nowMs()));
    },
    async lower() {
      if (!mayBeUp) return;
      raisedAtMs = null;
      try {
        await setDrain(false);
        mayBeUp = false;
      } catch (error) {
        onError(`The drain flag cannot be lowered: ${describeError(error)}`);
      }
    },
  };
}
