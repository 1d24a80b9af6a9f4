import { join } from 'node:path';
import { listLogFiles, LOG_NAME, type LogFile } from './log-files.ts';
import { createBuffer, readLines, type Place } from './read-lines.ts';
import type { TailState } from './tail-state.ts';

/** Maximum number of files whose offsets are stored: the most recently read ones. */
const MAX_PLACES = 50;

/** The sink of lines, and the store of the read offset. */
export interface TailSink {
  load(): Promise<TailState>;
  /**
   * Stores the lines of a batch (whole lines, each with its end) and, in the same transaction, `stateAfter(broken)`, where `broken` is the
   * number of lines that could not be parsed. Returns the number of lines that were stored.
   */
  write(pieces: readonly Buffer[], stateAfter: (broken: number) => TailState): Promise<number>;
}

/**
 * Reads calls.log into a sink, each line once: the offset is stored in the same transaction as the lines. A file is identified by its
 * first line, not by its name or inode, so renamed, copied, truncated and recycled files are distinguished.
 */
export class Tail {
  readonly #logDir: string;
  readonly #sink: TailSink;
  #places: Map<string, Place> | undefined;
  #brokenLines = 0;
  #buffer: Buffer | undefined;

  constructor(logDir: string, sink: TailSink) {
    this.#logDir = logDir;
    this.#sink = sink;
  }

  /** Lines that could not be parsed, since counting began. */
  async brokenLines(): Promise<number> {
    await this.#load();
    return this.#brokenLines;
  }

  /**
   * Reads one batch; null when there is nothing new. Returns how many lines were added, and whether the batch reached the end. Lines written since
   * can wait, otherwise a log that always grows is read line by line, each in its own transaction.
   */
  async step(): Promise<{ lines: number; isAll: boolean } | null> {
    const places = await this.#load();
    for (const file of await listLogFiles(this.#logDir)) {
      const place = this.#placeIn(file, places);
      if (file.sizeBytes <= place.offset) continue;
      const batch = await readLines(join(this.#logDir, file.name), file.head, place, (this.#buffer ??= createBuffer()));
      if (batch === null) continue;
      const next = new Map(places);
      next.delete(file.head);
      next.set(file.head, batch.place);
      const kept = [...next].slice(-MAX_PLACES);
      let brokenLines = this.#brokenLines;
      const lines = await this.#sink.write(batch.pieces, (broken) => {
        brokenLines = this.#brokenLines + batch.tooLong + broken;
        return { places: kept, brokenLines };
      });
      this.#places = new Map(kept);
      this.#brokenLines = brokenLines;
      return { lines, isAll: batch.isEnd && file.name === LOG_NAME };
    }
    return null;
  }

  /** How many bytes of `file` are not read yet. */
  async unreadBytes(file: LogFile): Promise<number> {
    const place = (await this.#load()).get(file.head);
    return Math.max(0, file.sizeBytes - (place?.offset ?? 0));
  }

  #placeIn(file: LogFile, places: Map<string, Place>): Place {
    const place = places.get(file.head) ?? { offset: 0, skipping: false };
    // The log lost its end (a power cut): that part was counted, and the following lines are new.
    if (file.name === LOG_NAME && file.sizeBytes < place.offset) {
      const cut = { offset: file.sizeBytes, skipping: false };
      places.set(file.head, cut);
      return cut;
    }
    return place;
  }

  async #load(): Promise<Map<string, Place>> {
    if (this.#places !== undefined) return this.#places;
    const state = await this.#sink.load();
    this.#brokenLines = state.brokenLines;
    this.#places = new Map(state.places);
    return this.#places;
  }
}
