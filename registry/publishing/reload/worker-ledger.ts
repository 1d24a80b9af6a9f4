import type { WorkersView } from '../../contract/index.ts';
import { SYSTEM_CLOCK, type Clock } from '../../lib/clock.ts';
import type { WorkerProcess } from './workers.ts';

export interface WorkerLedger {
  /** All workers, oldest first; `generation` null for one that started before this registry. */
  list(): Promise<WorkersView['workers']>;
  /** Pids of the workers that currently accept; records that they serve `generation`. */
  tag(generation: number | null): Promise<Set<number>>;
  /** Whether the maximum number of generations is draining. */
  isFull(): Promise<boolean>;
  /** Waits until fewer than the maximum number of generations drain; after the limit the workers of the oldest one are ended. */
  makeRoom(): Promise<void>;
}

export interface WorkerLedgerOptions {
  /** The workers of the running NGINX; none if it is not running or processes cannot be listed. */
  readWorkers: () => Promise<WorkerProcess[]>;
  /** Sends a signal to a worker. */
  signal: (pid: number, name: 'SIGTERM' | 'SIGKILL') => unknown;
  /** Maximum number of generations that drain at once. */
  maxDraining: number;
  waitMs: number;
  clock?: Clock;
}

const POLL_MS = 100;
/** How long workers may take to end at SIGTERM. */
const TERM_WAIT_MS = 1_000;

/** Creates the ledger of NGINX's workers: which generation they serve, since when they drain; it limits how many generations drain at once. */
export function createWorkerLedger(options: WorkerLedgerOptions): WorkerLedger {
  const { signal, maxDraining, waitMs, clock = SYSTEM_CLOCK } = options;
  const generations = new Map<string, number>();
  const seen = new Map<string, { draining: boolean; at: number }>();
  // A pid may be reused; together with its start time it identifies a process.
  const keyOf = (worker: WorkerProcess) => `${worker.pid} ${worker.startTicks}`;

  async function readWorkers(): Promise<WorkerProcess[]> {
    const workers = await options.readWorkers();
    const alive = new Set(workers.map(keyOf));
    for (const known of [generations, seen]) for (const key of known.keys()) if (!alive.has(key)) known.delete(key);
    for (const worker of workers) {
      const before = seen.get(keyOf(worker));
      if (before?.draining !== worker.draining)
        seen.set(keyOf(worker), { draining: worker.draining, at: clock.nowMs() });
    }
    return workers;
  }

  /** Draining workers by generation, oldest first; those older than this registry by the second in which they were started. */
  async function listDraining(): Promise<WorkerProcess[][]> {
    const draining = (await readWorkers()).filter((worker) => worker.draining);
    const groups = Map.groupBy(
      draining,
      (worker) => generations.get(keyOf(worker)) ?? `started ${Math.round(worker.startTicks / 100)}`,
    );
    const firstStart = (group: WorkerProcess[]) => Math.min(...group.map(({ startTicks }) => startTicks));
    return [...groups.values()].sort((a, b) => firstStart(a) - firstStart(b));
  }

  return {
    async list() {
      return (await readWorkers())
        .sort((a, b) => a.startTicks - b.startTicks || a.pid - b.pid)
        .map((worker) => ({
          pid: worker.pid,
          generation: generations.get(keyOf(worker)) ?? null,
          draining: worker.draining,
          sinceMs: worker.draining ? Math.round(clock.nowMs() - (seen.get(keyOf(worker))?.at ?? 0)) : null,
        }));
    },
    async tag(generation) {
      const accepting = (await readWorkers()).filter((worker) => !worker.draining);
      if (generation !== null)
        for (const worker of accepting) if (!generations.has(keyOf(worker))) generations.set(keyOf(worker), generation);
      return new Set(accepting.map(({ pid }) => pid));
    },
    isFull,
    async makeRoom() {
      if (await waitForRoom(waitMs)) return;
      await endOldest('SIGTERM');
      if (await waitForRoom(TERM_WAIT_MS)) return;
      await endOldest('SIGKILL');
    },
  };

  async function isFull(): Promise<boolean> {
    return (await listDraining()).length >= maxDraining;
  }

  async function waitForRoom(limitMs: number): Promise<boolean> {
    const untilMs = clock.nowMs() + limitMs;
    while (await isFull()) {
      if (clock.nowMs() >= untilMs) return false;
      await clock.sleep(POLL_MS);
    }
    return true;
  }

  async function endOldest(name: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const groups = await listDraining();
    for (const group of groups.slice(0, Math.max(0, groups.length - maxDraining + 1)))
      for (const worker of group) signal(worker.pid, name);
  }
}
