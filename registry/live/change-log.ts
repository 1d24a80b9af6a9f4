export interface Frame {
  seq: number;
  /** The JSON text that is sent. */
  text: string;
}

/**
 * Recent changes, for clients that reconnect: the newest frame of each key, oldest first. Since a frame contains the whole state of its
 * key, older ones of the same key are not needed, and the log has at most one frame per key; beyond `maxFrames` or
 * `maxBytes` the oldest are dropped, and a client that needs those gets a snapshot.
 */
export class ChangeLog {
  readonly #frames = new Map<string, Frame>();
  readonly #maxFrames: number;
  readonly #maxBytes: number;
  #bytes = 0;
  #seq: number;
  /** All frames after this one are known. */
  #floor: number;

  constructor(options: { firstSeq: number; maxFrames: number; maxBytes: number }) {
    this.#seq = options.firstSeq;
    this.#floor = options.firstSeq;
    this.#maxFrames = options.maxFrames;
    this.#maxBytes = options.maxBytes;
  }

  /** The number of the newest frame. */
  get seq(): number {
    return this.#seq;
  }

  /**
   * Stores a frame in place of the last one with the same key. `body` is the message without `seq`, as JSON of one object. Returns the frame for
   * clients that have all previous ones: the same, or `brief` in its place.
   */
  add(key: string, body: string, brief = body): Frame {
    this.#seq += 1;
    const toFrame = (message: string): Frame => ({ seq: this.#seq, text: `{"seq":${this.#seq},${message.slice(1)}` });
    const frame = toFrame(body);
    this.#drop(key);
    this.#frames.set(key, frame);
    this.#bytes += frame.text.length;
    while (this.#frames.size > this.#maxFrames || this.#bytes > this.#maxBytes) this.#dropOldest();
    return brief === body ? frame : toFrame(brief);
  }

  /** The frames after `seq`, or null when that number is of another start or too old. */
  since(seq: number): Frame[] | null {
    if (seq < this.#floor || seq > this.#seq) return null;
    return [...this.#frames.values()].filter((frame) => frame.seq > seq);
  }

  #drop(key: string): void {
    const frame = this.#frames.get(key);
    if (frame === undefined) return;
    this.#bytes -= frame.text.length;
    this.#frames.delete(key);
  }

  #dropOldest(): void {
    const oldest = this.#frames.entries().next().value;
    if (oldest === undefined) return;
    this.#floor = oldest[1].seq;
    this.#drop(oldest[0]);
  }
}
