import type { Platform } from '../../platform/types.d.ts';
import { createFolderWatch } from './create-folder-watch.ts';
import { createShelf } from './create-shelf.ts';
import type { Clock } from './create-shelf.ts';
import { parseGate, parseKey, parseServer } from './parse.ts';
import type { GateRecord, KeyRecord, NoRecord, ServerRecord } from './record.ts';

export interface RecordsOptions {
  readonly platform: Platform;
  /** `DATA_DIR/access`, absolute. */
  readonly folder: string;
  /** False: the files are checked for each request, as if the system refused inotify. */
  readonly inotify: boolean;
}

/**
 * The access files, as of the last `refresh`.
 * @noSelf
 */
export interface Records {
  /** Opens the worker's queue. Call it in `init_worker_by_lua`. */
  startWorker(): void;
  /**
   * Updates the records. Call it after the request's body was read and before the first lookup; nothing may yield between that and the
   * decision.
   */
  refresh(): void;
  gate(): GateRecord | NoRecord;
  /** `sha256`: 64 lower-case hex digits. */
  key(sha256: string): KeyRecord | NoRecord;
  server(id: string): ServerRecord | NoRecord;
  /** How changes are currently detected. */
  mode(): 'inotify' | 'stat';
}

// Together with the rest of the gate no more than 60 MB per worker.
const MAX_KEY_BYTES = 30_000_000;
const MAX_SERVER_BYTES = 8_000_000;
const MAX_GATE_BYTES = 100_000;
/** For file systems that do not report every change (network, FUSE). */
const RECHECK_S = 10;
/** Makes the time of each refresh distinct, also within one event of NGINX and after its clock was set back. */
const MIN_STEP_S = 1e-6;

/** Creates the records of one worker. Nothing is opened or read before `startWorker`. */
export function createRecords(options: RecordsOptions): Records {
  const { platform } = options;
  const root = options.folder.endsWith('/') ? options.folder : `${options.folder}/`;
  let missed: string | undefined;
  let isWatched = false;

  const clock: Clock = {
    tick: 0,
    freshFrom: 0,
    onMissed(folder, file) {
      missed = folder + file;
    },
  };
  const shared = { platform, clock };
  const gates = createShelf({ ...shared, folder: root, parse: parseGate, maxBytes: MAX_GATE_BYTES });
  const keys = createShelf({ ...shared, folder: `${root}keys/`, parse: parseKey, maxBytes: MAX_KEY_BYTES });
  const servers = createShelf({ ...shared, folder: `${root}servers/`, parse: parseServer, maxBytes: MAX_SERVER_BYTES });
  const shelves = { '': gates, 'keys/': keys, 'servers/': servers };

  const watch = createFolderWatch(platform, root, {
    onFile(folder, file) {
      if (missed === root + folder + file) missed = undefined;
      if (file.endsWith('.json')) shelves[folder].drop(file.substring(0, file.length - 5));
    },
    onAll() {
      missed = undefined;
      gates.dropAll();
      keys.dropAll();
      servers.dropAll();
    },
  });

  function refresh(): void {
    const now = platform.now();
    clock.tick = now > clock.tick ? now : clock.tick + MIN_STEP_S;
    isWatched = options.inotify && watch.drain();
    if (isWatched && missed !== undefined) {
      // Its event is not in the queue either, so the watched folders are no longer at their paths.
      watch.reopen();
      isWatched = watch.drain();
    }
    missed = undefined;
    clock.freshFrom = isWatched ? clock.tick - RECHECK_S : clock.tick;
  }

  return {
    startWorker: refresh,
    refresh,
    gate: () => gates.get('gate'),
    key: (sha256) => keys.get(sha256),
    server: (id) => servers.get(id),
    mode: () => (isWatched ? 'inotify' : 'stat'),
  };
}
