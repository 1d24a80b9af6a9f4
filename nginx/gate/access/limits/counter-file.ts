import { dayOfUse } from '../../../../registry/contract/gate/limits/index.ts';
import type { Platform } from '../../platform/types.d.ts';
import type { Counters } from './counters.ts';

// Counters are preserved across restarts of NGINX in a file of fixed-size records. Each counter has its own place in it, so that a worker writes
// only what it changed, immediately and in place (pwrite). A killed worker loses at most its last half second.

const RECORD_BYTES = 64;
/** 1 million counters. */
const MAX_BYTES = 67_108_864;
const MAX_PLACES = MAX_BYTES / RECORD_BYTES - 1;
/** How many counters are written before other workers get the lock. */
const CHUNK = 64;
const DAY_MS = 86_400_000;
/** The name of the first record, which contains the id of the file. */
const HEAD = 'file';
/** In the shared dictionary: the id of the file that the workers write. The places of counters apply only to this file. */
const FILE = '#file';

/** @noSelf */
export interface CounterFile {
  /** Reads the file into a dictionary that is still empty, and begins a new file. Within `platform.locked`. Returns what went wrong. */
  load(): string | undefined;
  /** Writes what this worker changed since the last time. Returns what went wrong; then the changes are written the next time. */
  flush(): string | undefined;
}

type FilePlatform = Pick<
  Platform,
  | 'closeFile'
  | 'locked'
  | 'createFolder'
  | 'now'
  | 'openFile'
  | 'randomSeed'
  | 'readFile'
  | 'readRecord'
  | 'replaceFile'
  | 'writeAt'
  | 'writeRecord'
>;

const isRate = (name: string) => name.startsWith('r');
const isDay = (name: string) => name.startsWith('d');
/** Counts of what is in progress are not stored. */
const isStored = (name: string) => isRate(name) || isDay(name);

/** Whether a counter still has a meaning: a bucket that is not full, or a day that has not ended long ago. */
function isRelevant(name: string, value: number, nowMs: number): boolean {
  if (isRate(name)) return value > nowMs;
  return isDay(name) && dayOfUse(value) >= Math.floor(nowMs / DAY_MS) - 1;
}

/** The file of counters in a folder. */
export function createCounterFile(
  platform: FilePlatform,
  dictionary: SharedDictionary,
  counters: Counters,
  folder: string,
): CounterFile {
  const path = `${folder}counters`;
  let descriptor: number | undefined;
  let written = 0;
  let pending: string[] = [];

  function readAll(): string {
    const [text] = platform.readFile(path, MAX_BYTES);
    return text ?? '';
  }

  function begin(records: string[]): string | undefined {
    const [id, noId] = platform.randomSeed();
    if (id === undefined) return noId;
    const [done, failed] = platform.replaceFile(path, platform.writeRecord(HEAD, id) + records.join(''));
    if (done === undefined) return failed;
    dictionary.safe_set(FILE, id);
    return undefined;
  }

  /** Opens the file to which the places apply. */
  function open(): string | undefined {
    const [id] = dictionary.get(FILE);
    if (typeof id !== 'number') return 'there is no file of counters';
    if (descriptor !== undefined && id === written) return undefined;
    if (descriptor !== undefined) platform.closeFile(descriptor);
    descriptor = undefined;
    const [, found] = platform.readRecord(readAll().slice(0, RECORD_BYTES), 1);
    if (found !== id) return 'the file of counters belongs to another NGINX';
    const [opened, failed] = platform.openFile(path);
    if (opened === undefined) return failed;
    descriptor = opened;
    written = id;
    return undefined;
  }

  /** Begins a new file: places of removed counters are never reused, so they run out eventually. */
  function renumber(): string | undefined {
    const records: string[] = [];
    counters.forgetPlaces();
    for (const name of dictionary.get_keys(0)) {
      if (!isStored(name)) continue;
      const value = counters.read(name);
      if (value === undefined || !counters.moveTo(name, value, records.length + 1)) continue;
      records.push(platform.writeRecord(name, value));
    }
    return begin(records);
  }

  function writeChunk(names: readonly string[], from: number): string | undefined {
    const failed = open();
    if (failed !== undefined || descriptor === undefined) return failed;
    for (let i = from; i < names.length && i < from + CHUNK; i += 1) {
      const name = names[i] ?? '';
      const place = counters.placeOf(name);
      const value = place === undefined ? undefined : counters.read(name);
      if (place === undefined || value === undefined) continue;
      if (place > MAX_PLACES) return renumber();
      const [done, problem] = platform.writeAt(descriptor, platform.writeRecord(name, value), place * RECORD_BYTES);
      if (done === undefined) return problem;
    }
    return undefined;
  }

  return {
    load() {
      const [created, failed] = platform.createFolder(folder.slice(0, -1));
      if (created === undefined) return failed;
      const text = readAll();
      const nowMs = platform.now() * 1000;
      const records: string[] = [];
      for (let at = RECORD_BYTES; at + RECORD_BYTES <= text.length; at += RECORD_BYTES) {
        const [name, value] = platform.readRecord(text, at + 1);
        if (name === undefined || value === undefined || !isRelevant(name, value, nowMs)) continue;
        if (!counters.write(name, value)) return 'the stored counters do not fit into the shared dictionary';
        if (counters.placeOf(name) === records.length + 1) records.push(platform.writeRecord(name, value));
      }
      counters.takeChanged();
      return begin(records);
    },

    flush() {
      for (const name of counters.takeChanged()) pending.push(name);
      for (let from = 0; from < pending.length; from += CHUNK) {
        const failed = platform.locked(writeChunk, pending, from, undefined);
        if (failed !== undefined) {
          pending = pending.slice(from);
          return failed;
        }
      }
      pending = [];
      return undefined;
    },
  };
}
