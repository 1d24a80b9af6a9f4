import { ACCESS_VERSION } from '../../../../registry/contract/gate/access-version.ts';
import type { Platform } from '../../platform/types.d.ts';
import { createCache } from './create-cache.ts';
import type { Held } from './create-cache.ts';
import type { Parse } from './parse.ts';
import type { Fields, NoRecord, Reason } from './record.ts';

const MAX_FILE_BYTES = 1_048_576;
/** Measured heap of an entry: per byte of its file, and for the entry itself with what is derived from it for one server. */
const HEAP_PER_BYTE = 4.2;
const HEAP_PER_ENTRY = 1_500;
const HEAP_PER_ABSENT = 600;
/** Makes the collector faster than the loading of files. */
const STEPS_PER_KB = 2;
/** Before every tick of the clock. */
const NEVER = -1;
/** For missing files: a flood of unknown keys does not evict known ones. */
const MAX_ABSENT_BYTES = 1_000_000;

/**
 * When what is cached was last compared with its file, and how.
 * @noSelf
 */
export interface Clock {
  /** Grows with each refresh. */
  tick: number;
  /** Entries that were compared before this are compared again. */
  freshFrom: number;
  /** A file had changed without an event. */
  onMissed(folder: string, file: string): void;
}

interface Entry<T> extends Held<Entry<T>> {
  readonly record: T | NoRecord;
  readonly signature: string;
  /** The file changed just before it was read, so that its signature may miss a further change. */
  readonly isRecent: boolean;
  checkedAt: number;
}

export interface ShelfOptions<T> {
  readonly platform: Platform;
  readonly clock: Clock;
  /** Absolute, with a trailing "/". */
  readonly folder: string;
  readonly parse: Parse<T>;
  /** Maximum heap for all its records. */
  readonly maxBytes: number;
}

/**
 * The records of one folder's files.
 * @noSelf
 */
export interface Shelf<T> {
  get(name: string): T | NoRecord;
  drop(name: string): void;
  dropAll(): void;
}

/** Reads a file when its record is first requested, and again after it has changed. */
export function createShelf<T extends object>(options: ShelfOptions<T>): Shelf<T> {
  const { platform, clock, folder, parse } = options;
  const known = createCache<Entry<T>>(options.maxBytes);
  const absent = createCache<Entry<T>>(MAX_ABSENT_BYTES);

  function refuse(name: string, reason: Reason, why: string): NoRecord {
    return { ok: false, reason, message: `${folder}${name}.json: ${why}` };
  }

  function parseValue(name: string, value: unknown, problem: string | undefined): T | NoRecord {
    if (typeof value !== 'object' || value === null)
      return refuse(name, 'unparsable', problem ?? 'it is not a JSON object');
    const fields = value as Fields;
    if (fields['v'] !== ACCESS_VERSION)
      return refuse(name, 'other_version', `its version "v" is not ${ACCESS_VERSION}`);
    const record = parse(fields, name, platform.jsonNull);
    return typeof record === 'string' ? refuse(name, 'invalid', record) : record;
  }

  function load(name: string): T | NoRecord {
    // Names that the registry never writes are not used as file names: no path outside the folder, nothing that is truncated at a NUL.
    if (name.length > 128 || name.includes('/') || name.includes('\0')) return refuse('?', 'missing', 'no such name');
    const path = `${folder}${name}.json`;
    // Before the read, so that a file that appears meanwhile is detected.
    const before = platform.signatureOf(path);
    const [signature, second, third, value, problem] = platform.readJson(path, MAX_FILE_BYTES);
    const checkedAt = clock.tick;
    if (signature === undefined) {
      const record = refuse(name, second, third);
      const isMissing = second === 'missing';
      absent.put({
        name,
        weight: HEAP_PER_ABSENT,
        record,
        signature: before,
        isRecent: !isMissing,
        // An unreadable file may exist (no free descriptor, no memory): it is tried again the next time.
        checkedAt: isMissing ? checkedAt : NEVER,
      });
      return record;
    }
    const weight = HEAP_PER_ENTRY + third * HEAP_PER_BYTE;
    const record = parseValue(name, value, problem);
    known.put({ name, weight, record, signature, isRecent: second, checkedAt });
    // Evicted entries would otherwise remain in memory until the heap has doubled.
    platform.stepCollector((weight / 1_024) * STEPS_PER_KB);
    return record;
  }

  function drop(name: string): void {
    known.remove(name);
    absent.remove(name);
  }

  return {
    get(name) {
      const entry = known.get(name) ?? absent.get(name);
      if (entry === undefined) return load(name);
      if (entry.checkedAt >= clock.freshFrom) return entry.record;
      if (!entry.isRecent) {
        if (platform.signatureOf(`${folder}${name}.json`) === entry.signature) {
          entry.checkedAt = clock.tick;
          return entry.record;
        }
        clock.onMissed(folder, `${name}.json`);
      }
      drop(name);
      return load(name);
    },
    drop,
    dropAll() {
      known.clear();
      absent.clear();
    },
  };
}
