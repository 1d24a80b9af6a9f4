import type { Observation, Store, StoredCheck } from '../../store/index.ts';

export interface Seen {
  observation: Observation;
  check: StoredCheck;
  /** Called when it is stored. */
  stored: () => void;
}

/** Gathers what checks saw and writes it in few transactions: 1,000 servers in one sweep are a handful of writes. */
export interface ObservationBuffer {
  /** Keeps it; it is written within `delayMs`, or when many have gathered. */
  add(seen: Seen): void;
  /** Writes all that has gathered. Throws what the store throws. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const MANY = 250;

/** Makes the buffer. `failed` hears of writes that did not succeed; what was in them is lost, as the next check sees it anew. */
export function createObservationBuffer(
  store: Pick<Store, 'together'>,
  failed: (error: unknown) => void,
  delayMs = 200,
): ObservationBuffer {
  let gathered: Seen[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const batch = gathered;
    gathered = [];
    if (batch.length === 0) return writing;
    const written = writing.then(async () => {
      await store.together(async (rows) => {
        // The last word on each server counts.
        const last = new Map(batch.map(({ observation }) => [observation.serverId, observation]));
        await rows.observations.putAll([...last.values()]);
        await rows.checks.addAll(batch.map(({ check }) => check));
      });
      for (const { stored } of batch) stored();
    });
    writing = written.catch(() => undefined);
    return written;
  }

  return {
    add(seen) {
      gathered.push(seen);
      if (gathered.length >= MANY) flush().catch(failed);
      else timer ??= setTimeout(() => void flush().catch(failed), delayMs);
    },
    flush,
    async close() {
      await flush().catch(failed);
    },
  };
}
