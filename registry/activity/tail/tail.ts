import { join } from 'node:path';
import { z } from 'zod';
import type { Store } from '../../store/index.ts';
import { createCardinalityLimit } from '../rollups/cardinality-limit.ts';
import { groupCalls } from '../rollups/group-calls.ts';
import { listLogFiles, LOG_NAME, type LogFile } from './log-files.ts';
import { createBuffer, readLines, type Place } from './read-lines.ts';
import { rollUp } from '../rollups/roll-up.ts';

const META_KEY = 'activity.places';
/** Files whose offsets are stored, those read last first. */
const MAX_PLACES = 50;

const stored = z.object({
  /** By the head of the file; the latest at the end. */
  places: z.array(z.tuple([z.string(), z.object({ offset: z.int(), skipping: z.boolean() })])),
  brokenLines: z.int(),
});

export interface TailOptions {
  store: Pick<Store, 'together' | 'meta'>;
  logDir: string;
  /** Lines before this would be pruned at once, so they are not stored. Epoch milliseconds. */
  oldestMs(): number;
  now(): number;
}

/**
 * Reads calls.log into the rollups, each line once: the offset is stored in the same transaction as the counts. A file is identified by its
 * first line, not by its name or inode, so renamed, copied, truncated and recycled files are distinguished.
 */
export class Tail {
  readonly #options: TailOptions;
  readonly #isWithinLimit = createCardinalityLimit();
  #places: Map<string, Place> | undefined;
  #brokenLines = 0;
  #buffer: Buffer | undefined;

  constructor(options: TailOptions) {
    this.#options = options;
  }

  /** Lines that could not be parsed, since counting began. */
  async brokenLines(): Promise<number> {
    await this.#load();
    return this.#brokenLines;
  }

  /**
   * Reads one batch; null when there is nothing new. Returns how many lines were added, and whether that was all: what has been written since
   * can wait, otherwise a log that always grows is read line by line, each in a transaction of its own.
   */
  async step(): Promise<{ lines: number; isAll: boolean } | null> {
    const places = await this.#load();
    const { logDir } = this.#options;
    for (const file of await listLogFiles(logDir)) {
      const place = this.#placeIn(file, places);
      if (file.sizeBytes <= place.offset) continue;
      const batch = await readLines(join(logDir, file.name), file.head, place, (this.#buffer ??= createBuffer()));
      if (batch === null) continue;
      const grouped = groupCalls(batch.pieces, this.#options.now(), this.#options.oldestMs());
      const broken = batch.tooLong + grouped.broken;
      const rows = rollUp(grouped.groups, this.#isWithinLimit);
      const next = new Map(places);
      next.delete(file.head);
      next.set(file.head, batch.place);
      const kept = [...next].slice(-MAX_PLACES);
      await this.#options.store.together(async (tx) => {
        await tx.calls.add(rows);
        const state: z.infer<typeof stored> = { places: kept, brokenLines: this.#brokenLines + broken };
        await tx.meta.put(META_KEY, JSON.stringify(state));
      });
      this.#places = new Map(kept);
      this.#brokenLines += broken;
      return {
        lines: grouped.groups.reduce((sum, { lines }) => sum + lines, 0),
        isAll: batch.isEnd && file.name === LOG_NAME,
      };
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
    // The log lost its end (a power cut): that was counted, and what comes now is new.
    if (file.name === LOG_NAME && file.sizeBytes < place.offset) {
      const cut = { offset: file.sizeBytes, skipping: false };
      places.set(file.head, cut);
      return cut;
    }
    return place;
  }

  async #load(): Promise<Map<string, Place>> {
    if (this.#places !== undefined) return this.#places;
    const text = await this.#options.store.meta.get(META_KEY);
    const state = text === undefined ? { places: [], brokenLines: 0 } : stored.parse(JSON.parse(text));
    this.#brokenLines = state.brokenLines;
    this.#places = new Map(state.places);
    return this.#places;
  }
}
