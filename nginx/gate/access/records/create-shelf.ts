import { ACCESS_VERSION } from '../../../../registry/contract/gate/access-version.ts';
import type { Platform } from '../../platform/types.d.ts';
import { createCache } from './create-cache.ts';
import type { Held } from './create-cache.ts';
import type { Parse } from './parse.ts';
import type { Fields, NoRecord, Reason } from './record.ts';

const MAX_FILE_BYTES = 1_048_576;
/** Heap of an entry, measured: so much for each byte of its file, and so much for itself and what is derived from it for one server. */
const HEAP_PER_BYTE = 4.2;
const HEAP_PER_ENTRY = 1_500;
const HEAP_PER_ABSENT = 600;
/** Makes the collector run ahead of what is loaded. */
const STEPS_PER_KB = 2;
/** Before every tick of the clock. */
const NEVER = -1;
/** Files that are not there: a flood of unknown keys pushes out no known one. */
const MAX_ABSENT_BYTES = 1_000_000;

/**
 * When what is cached was last compared with its file, and how.
 * @noSelf
 */
export interface Clock {
  /** Grows with each refresh. */
  tick: number;
  /** What was compared before this is compared again. */
  freshFrom: number;
  /** A file had changed without an event. */
  onMissed(folder: string, file: string): void;
}

interface Entry<T> extends Held<Entry<T>> {
  readonly record: T | NoRecord;
  readonly signature: string;
  /** It changed just before it was read, so that its signature may miss a further change. */
  readonly isRecent: boolean;
  checkedAt: number;
}

export interface ShelfOptions<T> {
  readonly platform: Platform;
  readonly clock: Clock;
  /** Absolute, with "/" at the end. */
  readonly folder: string;
  readonly parse: Parse<T>;
  /** Of the heap, for all its records. */
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

/** Reads a file when its record is first asked for, and again once it has changed. */
export function createShelf<T extends object>(options: ShelfOptions<T>): Shelf<T> {
  const { platform, clock, folder, parse } = options;
  const known = createCache<Entry<T>>(options.maxBytes);
  const absent = createCache<Entry<T>>(MAX_ABSENT_BYTES);

  function refuse(name: string, reason: Reason, why: string): NoRecord {
    return { ok: false, reason, message: `${folder}${name}.json: ${why}` };
  }

  function parseValue(name: string, value: unknown, problem: string | undefined): T | NoRecord {
    if (typeof value !== 'object' || value === null)
      return refuse(name, 'unparsable', problem ?? 'it is no JSON object');
    const fields = value as Fields;
    if (fields['v'] !== ACCESS_VERSION)
      return refuse(name, 'other_version', `its version "v" is not ${ACCESS_VERSION}`);
    const record = parse(fields, name, platform.jsonNull);
    return typeof record === 'string' ? refuse(name, 'invalid', record) : record;
  }

  function load(name: string): T | NoRecord {
    // A name that the registry never writes is no file name either: nothing outside the folder, nothing cut off at a NUL.
    if (name.length > 128 || name.includes('/') || name.includes('\0')) return refuse('?', 'missing', 'no such name');
    const path = `${folder}${name}.json`;
    // Before the read, so that a file that appears meanwhile is noticed.
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
        // What could not be read may be there (no descriptor was free, no memory): it is tried again the next time.
        checkedAt: isMissing ? checkedAt : NEVER,
      });
      return record;
    }
    const weight = HEAP_PER_ENTRY + third * HEAP_PER_BYTE;
    const record = parseValue(name, value, problem);
    known.put({ name, weight, record, signature, isRecent: second, checkedAt });
    // What was pushed out would otherwise stay until the heap has doubled.
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
