/** A server is listed again after this multiple of the time that its last list took, so that none takes more than a small share of the time. */
const COST_FACTOR = 20;
const MAX_WAIT_MS = 10 * 60_000;

export interface RelistQueue {
  /** Lists the tools of a server soon; requests before that are merged. */
  request(serverId: string): void;
  forget(serverId: string): void;
  close(): void;
}

interface Entry {
  /** Monotonic milliseconds. */
  notBefore: number;
  timer: NodeJS.Timeout | null;
}

/**
 * Lists tools again when servers notify of a change: one server at a time, however many notify at once, and each with a delay that
 * is proportional to the time its list took. `relist` never rejects.
 */
export function createRelistQueue(
  relist: (serverId: string) => Promise<void>,
  now: () => number = () => performance.now(),
): RelistQueue {
  const entries = new Map<string, Entry>();
  let tail = Promise.resolve();
  let isClosed = false;

  async function run(serverId: string, entry: Entry): Promise<void> {
    if (isClosed || entries.get(serverId) !== entry) return;
    entry.timer = null;
    const began = now();
    await relist(serverId);
    entry.notBefore = now() + Math.min((now() - began) * COST_FACTOR, MAX_WAIT_MS);
  }

  return {
    request(serverId) {
      const entry = entries.get(serverId) ?? { notBefore: 0, timer: null };
      entries.set(serverId, entry);
      if (entry.timer !== null || isClosed) return;
      entry.timer = setTimeout(
        () => {
          tail = tail.then(() => run(serverId, entry));
        },
        Math.max(0, entry.notBefore - now()),
      );
    },
    forget(serverId) {
      clearTimeout(entries.get(serverId)?.timer ?? undefined);
      entries.delete(serverId);
    },
    close() {
      isClosed = true;
      for (const { timer } of entries.values()) clearTimeout(timer ?? undefined);
    },
  };
}
