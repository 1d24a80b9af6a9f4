import { setTimeout as wait } from 'node:timers/promises';
import { describeError } from '../../errors.ts';

export interface DrainFlag {
  /** Makes the gate close client connections after each reply, if it does not yet. */
  raise(): Promise<void>;
  /** Waits until a reload that is asked for now closes no connection before the flag has been up for its time. */
  ripen(): Promise<void>;
  /** Takes it down again; tried again by the next call when it fails. */
  lower(): Promise<void>;
}

export interface DrainFlagOptions {
  /** Writes `gate.json` (the access part does). */
  setDrain: (on: boolean) => Promise<void>;
  /** How long the flag is up before NGINX closes idle connections. 0: this NGINX needs no flag. */
  drainMs: () => number;
  /** How long after a reload is asked for NGINX closes them at the earliest. */
  graceMs: number;
  onError: (message: string) => void;
}

/** Makes the flag that keeps requests from being lost on idle connections which a reload closes (DESIGN §7). */
export function createDrainFlag({ setDrain, drainMs, graceMs, onError }: DrainFlagOptions): DrainFlag {
  let raisedAt: number | null = null;
  // After a crash the flag may still be up.
  let mayBeUp = true;

  return {
    async raise() {
      if (drainMs() === 0 || raisedAt !== null) return;
      mayBeUp = true;
      try {
        await setDrain(true);
        raisedAt = performance.now();
      } catch (error) {
        // A reload without the flag loses a request now and then; no reload would lose the change.
        onError(`the drain flag cannot be raised: ${describeError(error)}`);
      }
    },
    async ripen() {
      // A timer may ring a little early.
      while (raisedAt !== null && performance.now() < raisedAt + drainMs() - graceMs)
        await wait(Math.ceil(raisedAt + drainMs() - graceMs - performance.now()));
    },
    async lower() {
      if (!mayBeUp) return;
      raisedAt = null;
      try {
        await setDrain(false);
        mayBeUp = false;
      } catch (error) {
        onError(`the drain flag cannot be taken down: ${describeError(error)}`);
      }
    },
  };
}
