import type { Observation, Store, StoredCheck } from '../../store/index.ts';

export interface BufferedCheck {
  observation: Observation;
  check: StoredCheck;
  /** Called when it is stored. */
  onStored: () => void;
}

/** Collects the results of checks and writes them in few transactions: 1,000 servers in one sweep take a handful of writes. */
export interface ObservationBuffer {
  /** It is written within `delayMs`, or as soon as many are waiting. */
  add(checked: BufferedCheck): void;
  /** Writes all that are waiting. Throws errors of the store. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const MANY = 250;

/** `onError` is called when a write failed. Its results are dropped: the next check repeats them. */
export function createObservationBuffer(
  store: Pick<Store, 'transaction'>,
  onError: (error: unknown) => void,
  delayMs = 200,
): ObservationBuffer {
  let waiting: BufferedCheck[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return writing;
    const written = writing.then(async () => {
      await store.transaction(async (rows) => {
        // Only the last of several observations of a server is stored.
        const last = new Map(batch.map(({ observation }) => [observation.serverId, observation]));
        await rows.observations.putAll([...last.values()]);
        await rows.checks.addAll(batch.map(({ check }) => check));
      });
      for (const { onStored } of batch) onStored();
    });
    writing = written.catch(() => undefined);
    return written;
  }

  return {
    add(checked) {
      waiting.push(checked);
      if (waiting.length >= MANY) flush().catch(onError);
      else timer ??= setTimeout(() => void flush().catch(onError), delayMs);
    },
    flush,
    async close() {
      await flush().catch(onError);
    },
  };
}
