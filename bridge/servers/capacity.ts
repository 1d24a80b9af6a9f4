import { BridgeError } from '../bridge-error.ts';

/** How many processes the bridge runs for all servers together. */
export interface Capacity {
  /** Reserves a process. Throws BridgeError `program_busy` when the limit is reached. */
  take: () => void;
  free: () => void;
  isFull: () => boolean;
}

/** Creates the count of all processes, at most `limit` (setting BRIDGE_MAX_PROCESSES). */
export function createCapacity(limit: number): Capacity {
  let taken = 0;
  return {
    isFull: () => taken >= limit,
    take() {
      if (taken >= limit)
        throw new BridgeError(
          'program_busy',
          `the bridge runs ${limit} processes already`,
          'Try again when one has ended, or raise BRIDGE_MAX_PROCESSES.',
        );
      taken += 1;
    },
    free() {
      taken -= 1;
    },
  };
}
