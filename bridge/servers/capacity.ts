import { BridgeError } from '../bridge-error.ts';

/** Limits the number of processes, or of connections to remote servers, of all servers together. */
export interface Capacity {
  /** Reserves one. Throws BridgeError `program_busy` when the limit is reached. */
  take: () => void;
  free: () => void;
  isFull: () => boolean;
}

const PROCESSES = {
  name: 'processes',
  hint: 'Try again when one has ended, or raise BRIDGE_MAX_PROCESSES.',
};

/** Creates a capacity of `limit`. */
export function createCapacity(limit: number, { name, hint } = PROCESSES): Capacity {
  let taken = 0;
  return {
    isFull: () => taken >= limit,
    take() {
      if (taken >= limit) throw new BridgeError('program_busy', `the bridge has ${limit} ${name} already`, hint);
      taken += 1;
    },
    free() {
      taken -= 1;
    },
  };
}
