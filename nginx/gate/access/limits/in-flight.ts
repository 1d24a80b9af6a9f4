import type { Platform } from '../../platform/types.d.ts';

/** In the shared dictionary: the running workers, each `<number>:<process id>`. */
const WORKERS = '#workers';
const NEXT_WORKER = '#worker';
/** An abandoned count expires after this; running workers write theirs again before that. */
const LIFETIME_S = 3_600;

/**
 * Counts what is in progress. Each worker has its own counts, which end with it. Use it within `platform.locked`, except `remove`.
 * @noSelf
 */
export interface InFlight {
  /** Registers this worker. False: the dictionary is full. */
  join(): boolean;
  leave(): void;
  /** Removes workers that no longer run; returns whether there were any. */
  reap(): boolean;
  /** The count of all workers together. */
  total(name: string): number;
  /** False: the dictionary is full. */
  add(name: string, count: number): boolean;
  remove(name: string, count: number): void;
  /** Writes all counts again, so that those of long requests do not expire. */
  renew(): void;
}

/** Counts of one worker. */
export function createInFlight(
  dictionary: SharedDictionary,
  platform: Pick<Platform, 'isAlive' | 'workerId'>,
): InFlight {
  const own: Record<string, number | undefined> = {};
  let me = '';
  let lastList = '';
  let others: string[] = [];

  function readList(): string {
    const [list] = dictionary.get(WORKERS);
    return typeof list === 'string' ? list : '';
  }

  function listOthers(): readonly string[] {
    const list = readList();
    if (list === lastList) return others;
    lastList = list;
    others = [];
    for (const worker of list.split(' ')) {
      const [number = ''] = worker.split(':');
      if (number !== '' && number !== me) others.push(number);
    }
    return others;
  }

  function isRunning(worker: string): boolean {
    const [number, process] = worker.split(':');
    return number === me || platform.isAlive(Number(process));
  }

  function retainWorkers(isRetained: (worker: string) => boolean): boolean {
    const list = readList();
    const retained = list.split(' ').filter((worker) => worker !== '' && isRetained(worker));
    const next = retained.join(' ');
    if (next === list) return false;
    dictionary.safe_set(WORKERS, next);
    return true;
  }

  function write(name: string, count: number): boolean {
    own[name] = count > 0 ? count : undefined;
    const entry = `${name}|${me}`;
    if (count > 0) {
      const [done] = dictionary.safe_set(entry, count, LIFETIME_S);
      return done === true;
    }
    dictionary.delete(entry);
    return true;
  }

  return {
    join() {
      const [number] = dictionary.incr(NEXT_WORKER, 1, 0);
      if (number === undefined) return false;
      me = `${number}`;
      retainWorkers(isRunning);
      const list = readList();
      const mine = `${me}:${platform.workerId()}`;
      const [done] = dictionary.safe_set(WORKERS, list === '' ? mine : `${list} ${mine}`);
      return done === true;
    },
    leave() {
      const mine = `${me}:`;
      retainWorkers((worker) => !worker.startsWith(mine));
    },
    reap: () => retainWorkers(isRunning),
    total(name) {
      let sum = own[name] ?? 0;
      for (const other of listOthers()) {
        const [count] = dictionary.get(`${name}|${other}`);
        if (typeof count === 'number') sum += count;
      }
      return sum;
    },
    add(name, count) {
      const before = own[name] ?? 0;
      if (write(name, before + count)) return true;
      own[name] = before > 0 ? before : undefined;
      return false;
    },
    remove: (name, count) => void write(name, (own[name] ?? 0) - count),
    renew() {
      for (const name in own) {
        const count = own[name];
        if (count !== undefined) dictionary.safe_set(`${name}|${me}`, count, LIFETIME_S);
      }
    },
  };
}
