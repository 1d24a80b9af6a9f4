import type { Events } from '../lib/events.ts';
import { ChangeLog, type Frame } from './change-log.ts';
import { LiveState, type Delta, type LiveSource } from './live-state.ts';

const RETRY_MS = 1_000;
/** Reading takes at most 1 / READING_SHARE of the time, however many servers there are and however fast they change. */
const READING_SHARE = 10;
const MAX_WAIT_MS = 2_000;

export interface FeedOptions {
  events: Events;
  source: LiveSource;
  /** The first sequence number; another at each start. */
  firstSeq: number;
  /** Changes of one server within this time become one message. */
  flushMs: number;
  /** Statistics are sent at most this often. */
  statsMs: number;
  maxFrames: number;
  maxBytes: number;
  /** Whether there are listeners; without any, nothing is read. */
  hasAudience: () => boolean;
  /** Sends frames to all who joined. */
  publish: (frames: readonly Frame[]) => void;
  onError: (error: unknown) => void;
}

/** A message that is complete in its event; dropped when its server no longer exists when it is sent. */
interface PendingMessage {
  body: string;
  serverId: string | undefined;
}

/**
 * Turns events into numbered frames. An event only marks what may have changed; the marked objects are read and compared a moment later, so
 * a thousand quick changes of a server become a few messages, and the last of them always contains its current state.
 */
export class Feed {
  readonly #options: FeedOptions;
  readonly #log: ChangeLog;
  readonly #state = new LiveState();
  readonly #off: (() => void)[] = [];
  #marked = new Set<string>();
  #markedAll = true;
  #markedGeneration = true;
  #markedStats = true;
  /** Deltas that need no reading, by key. */
  #messages = new Map<string, PendingMessage>();
  #flushTimer: NodeJS.Timeout | undefined;
  #lastReadMs = 0;
  #failed = false;
  #statsTimer: NodeJS.Timeout | undefined;
  /** Serialises reading and joining, so that no older state is ever sent after a newer one. */
  #reading: Promise<unknown> = Promise.resolve();
  #snapshot: Frame | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#log = new ChangeLog(options);
    const { events } = options;
    const mark = ({ serverId }: { serverId: string }) => this.#mark(() => this.#marked.add(serverId));
    for (const name of ['server.registered', 'server.changed', 'server.removed', 'server.restored'] as const)
      this.#off.push(events.on(name, mark));
    this.#off.push(
      events.on('health.checked', mark),
      events.on('endpoints.changed', mark),
      events.on('tools.changed', ({ serverId, path }) => {
        this.#queueMessage(`tools/${serverId}`, { type: 'tools.changed', serverId, path }, serverId);
        mark({ serverId });
      }),
      // A generation does not state which servers it made live, so all are compared.
      events.on('generation.published', () =>
        this.#mark(() => {
          this.#markedAll = true;
          this.#markedGeneration = true;
        }),
      ),
      events.on('generation.failed', ({ number, revision, error }) => {
        this.#queueMessage('generation.failed', { type: 'generation.failed', number, revision, error });
        this.#mark(() => (this.#markedAll = true));
      }),
      events.on('kills.changed', () => this.#queueMessage('kills', { type: 'kills.changed' })),
      events.on('limits.changed', ({ scope, name }) =>
        this.#queueMessage(`limits/${scope}/${name}`, { type: 'limits.changed', scope, name }),
      ),
      events.on('settings.changed', () => this.#queueMessage('settings', { type: 'settings.changed' })),
      events.on('gateway.changed', () => {
        this.#queueMessage('gateway', { type: 'gateway.changed' });
        // For some servers it may now be known whether the gate enforces their changes.
        this.#mark(() => (this.#markedAll = true));
      }),
      ...(['agent.changed', 'agent.removed', 'group.changed'] as const).map((name) =>
        events.on(name, () => this.#queueMessage('agents', { type: 'agents.changed' })),
      ),
      events.on('calls.counted', () => this.refreshStats()),
    );
  }

  /** The number of the newest frame. */
  get seq(): number {
    return this.#log.seq;
  }

  /** Reads the statistics again soon. */
  refreshStats(): void {
    this.#statsTimer ??= setTimeout(() => {
      this.#statsTimer = undefined;
      this.#mark(() => (this.#markedStats = true));
    }, this.#options.statsMs);
  }

  /**
   * Calls `join` with what a client needs to be up to date: the frames after `since`, or (unknown or null) a snapshot. Every later frame goes
   * to `publish`. Rejects when the state cannot be read.
   */
  join(since: number | null, join: (frames: readonly Frame[]) => void): Promise<void> {
    return this.#enqueue(async () => {
      await this.#read();
      const missed = since === null ? null : this.#log.since(since);
      if (missed === null) join([this.#takeSnapshot()]);
      else join([{ seq: this.seq, text: `{"seq":${since ?? 0},"type":"resumed"}` }, ...missed]);
    });
  }

  close(): void {
    for (const off of this.#off) off();
    clearTimeout(this.#flushTimer);
    clearTimeout(this.#statsTimer);
  }

  #takeSnapshot(): Frame {
    if (this.#snapshot?.seq !== this.seq) this.#snapshot = { seq: this.seq, text: this.#state.snapshot(this.seq) };
    return this.#snapshot;
  }

  #queueMessage(key: string, message: object, serverId?: string): void {
    if (this.#state.loaded) this.#mark(() => this.#messages.set(key, { body: JSON.stringify(message), serverId }));
  }

  #mark(change: () => unknown): void {
    change();
    // Without clients, marks wait for the next one; they must not accumulate as servers are added and removed.
    if (this.#marked.size + this.#messages.size > this.#options.maxFrames) {
      this.#marked.clear();
      this.#messages.clear();
      this.#markedAll = true;
    }
    this.#flushAfter(Math.max(this.#options.flushMs, Math.min(this.#lastReadMs * READING_SHARE, MAX_WAIT_MS)));
  }

  #flushAfter(waitMs: number): void {
    if (!this.#options.hasAudience()) return;
    this.#flushTimer ??= setTimeout(() => {
      this.#flushTimer = undefined;
      this.#enqueue(() => this.#read()).catch(this.#options.onError);
    }, waitMs);
  }

  #listMessages(messages: ReadonlyMap<string, PendingMessage>): Delta[] {
    return [...messages]
      .filter(([, { serverId }]) => serverId === undefined || this.#state.knows(serverId))
      .map(([key, { body }]) => ({ key, body }));
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#reading.then(work).finally(() => {
      // Marked during the read, perhaps before the first client joined, or not read because reading failed.
      if (this.#isMarked()) this.#flushAfter(this.#failed ? RETRY_MS : this.#options.flushMs);
    });
    this.#reading = done.catch(() => undefined);
    return done;
  }

  #isMarked(): boolean {
    return (
      this.#markedAll || this.#markedGeneration || this.#markedStats || this.#marked.size > 0 || this.#messages.size > 0
    );
  }

  /** Reads the marked objects and publishes the differences. If reading fails, they stay marked. */
  async #read(): Promise<void> {
    const { source } = this.#options;
    const isFirst = !this.#state.loaded;
    const all = this.#markedAll;
    const ids = all ? undefined : [...this.#marked];
    const { stats, generation } = { stats: this.#markedStats, generation: this.#markedGeneration };
    const marked = this.#marked;
    // Taken together with the marks: a message that is queued while reading belongs to a server that may be read only the next time.
    const messages = this.#messages;
    this.#marked = new Set();
    this.#messages = new Map();
    this.#markedAll = this.#markedStats = this.#markedGeneration = false;
    const beganMs = performance.now();
    try {
      const servers = ids?.length === 0 ? [] : await source.servers(ids);
      const live = generation ? await source.generation() : undefined;
      const counts = stats ? await source.stats() : undefined;
      const deltas = [
        ...this.#state.putServers(ids, servers),
        ...(live === undefined ? [] : this.#state.putGeneration(live)),
        ...this.#listMessages(messages),
        ...(counts === undefined ? [] : this.#state.putStats(counts)),
      ];
      this.#lastReadMs = performance.now() - beganMs;
      this.#failed = false;
      if (isFirst || deltas.length === 0) return;
      this.#options.publish(deltas.map(({ key, body, brief }) => this.#log.add(key, body, brief)));
    } catch (error) {
      this.#failed = true;
      for (const id of marked) this.#marked.add(id);
      this.#messages = new Map([...messages, ...this.#messages]);
      this.#markedAll ||= all;
      this.#markedStats ||= stats;
      this.#markedGeneration ||= generation;
      throw error;
    }
  }
}
