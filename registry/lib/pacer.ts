import { setTimeout as wait } from 'node:timers/promises';

/**
 * Work without a pause, and the pause after it. A thread that is woken up, such as a worker of NGINX, may have to wait until the running one
 * pauses or has used up its time slice, which is some milliseconds (bench/findings.md, "p99 of a call under load").
 */
const SLICE_MS = 0.2;
const PAUSE_MS = 1;

/** Splits long work into short slices, so that other threads on the same processor do not wait for it. */
export interface Pacer {
  /** Whether a slice was used up since the last pause. */
  isDue(): boolean;
  pause(): Promise<void>;
}

/** Creates a pacer whose first slice begins now. */
export function createPacer(): Pacer {
  let beganMs = performance.now();
  return {
    isDue: () => performance.now() - beganMs >= SLICE_MS,
    async pause() {
      await wait(PAUSE_MS);
      beganMs = performance.now();
    },
  };
}
