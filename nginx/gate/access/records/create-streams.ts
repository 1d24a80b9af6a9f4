import type { Platform } from '../../platform/types.d.ts';
import type { Records } from './create-records.ts';

/** Who opened a stream, and on what. */
export interface OpenStream {
  readonly sha256: string;
  readonly agent: string;
  readonly serverId: string;
  readonly path: string;
  /** Its lists are cut to what the agent may see. */
  readonly isFiltered: boolean;
}

/**
 * The open streams of a worker.
 * @noSelf
 */
export interface Streams {
  /** Starts the loop that closes streams. Call it in `init_worker_by_lua`. Returns why it failed: then no request may pass. */
  startWorker(): string | undefined;
  /** Registers the running request's stream, before it is forwarded. Returns why it failed: then it must not be forwarded. */
  open(stream: OpenStream): string | undefined;
  /** Unregisters the running request. Call it in the log phase of every location that may have opened a stream. */
  close(): void;
  count(): number;
}

/** @noSelf */
export interface StreamsOptions {
  readonly platform: Platform;
  readonly records: Records;
  /** Whether it may stay open. Called every half second, after `records.refresh()`; must not yield. */
  readonly isAllowed: (stream: OpenStream) => boolean;
}

interface Place {
  readonly stream: OpenStream;
  readonly descriptor: number;
  readonly inode: number;
}

const INTERVAL_S = 0.5;

/** Creates the registry of one worker's streams. */
export function createStreams({ platform, records, isAllowed }: StreamsOptions): Streams {
  const places: Record<number, Place | undefined> = {};
  let count = 0;

  function forget(id: number): void {
    if (places[id] === undefined) return;
    places[id] = undefined;
    count -= 1;
  }

  function mayStay(stream: OpenStream): boolean {
    try {
      return isAllowed(stream);
    } catch {
      return false;
    }
  }

  function shut(place: Place): void {
    // The descriptor may already belong to another connection.
    if (!platform.isSocket(place.descriptor, place.inode)) return;
    const [done, message] = platform.shutDown(place.descriptor);
    if (done === undefined) platform.log('error', `a stream of agent ${place.stream.agent} was not closed: ${message}`);
  }

  function sweep(): void {
    // Also without streams: reading the queue prevents its overflow.
    records.refresh();
    if (count === 0) return;
    let ended = 0;
    for (const id in places) {
      const place = places[id];
      if (place === undefined || mayStay(place.stream)) continue;
      shut(place);
      forget(id as unknown as number);
      ended += 1;
    }
    if (ended > 0) platform.log('notice', `closed ${ended} streams that are no longer allowed`);
  }

  return {
    startWorker() {
      const [started, message] = platform.runEvery(INTERVAL_S, sweep);
      return started === undefined ? message : undefined;
    },
    open(stream) {
      const [id, descriptor, inode] = platform.readConnection();
      if (id === undefined) return descriptor;
      if (places[id] === undefined) count += 1;
      places[id] = { stream, descriptor, inode };
      return undefined;
    },
    close() {
      if (count === 0) return;
      const id = platform.readRequestId();
      if (id !== undefined) forget(id);
    },
    count: () => count,
  };
}
