import type { Platform } from '../../platform/types.d.ts';

/** Name of the workers that are there, each `<number>:<process id>`, in the shared dictionary. */
const WORKERS = '#workers';
const NEXT_WORKER = '#worker';
/** A count that was left behind is let go after this; those of workers that live are written again before. */
const KEPT_S = 3_600;

/**
 * What is under way, counted by each worker for itself, so that what a worker had goes when it does. Use it within `platform.locked`, but for
 * `remove`.
 * @noSelf
 */
export interface InFlight {
  /** This worker is there from now on. False: there is no room to say so. */
  join(): boolean;
  leave(): void;
  /** Forgets workers that are gone; whether there were any. */
  reap(): boolean;
  /** How much is under way in all workers. */
  total(name: string): number;
  /** False: there is no room. */
  add(name: string, count: number): boolean;
  remove(name: string, count: number): void;
  /** Writes what has long been under way again. */
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
    for (const one of list.split(' ')) {
      const [number = ''] = one.split(':');
      if (number !== '' && number !== me) others.push(number);
    }
    return others;
  }

  function isThere(one: string): boolean {
    const [number, process] = one.split(':');
    return number === me || platform.isAlive(Number(process));
  }

  function retainWorkers(isRetained: (one: string) => boolean): boolean {
    const list = readList();
    const kept = list.split(' ').filter((one) => one !== '' && isRetained(one));
    const next = kept.join(' ');
    if (next === list) return false;
    dictionary.safe_set(WORKERS, next);
    return true;
  }

  function write(name: string, count: number): boolean {
    own[name] = count > 0 ? count : undefined;
    const entry = `${name}|${me}`;
    if (count > 0) {
      const [done] = dictionary.safe_set(entry, count, KEPT_S);
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
      retainWorkers(isThere);
      const list = readList();
      const mine = `${me}:${platform.workerId()}`;
      const [done] = dictionary.safe_set(WORKERS, list === '' ? mine : `${list} ${mine}`);
      return done === true;
    },
    leave() {
      const mine = `${me}:`;
      retainWorkers((one) => !one.startsWith(mine));
    },
    reap: () => retainWorkers(isThere),
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
        if (count !== undefined) dictionary.safe_set(`${name}|${me}`, count, KEPT_S);
      }
    },
  };
}
