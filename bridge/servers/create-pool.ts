import type { ProcessOptions } from '@mcpgw/registry/contract';
import { BridgeError } from '../bridge-error.ts';
import type { Params } from '../connection/message.ts';
import { createBackoff } from './backoff.ts';
import type { Capacity } from './capacity.ts';
import type { Child } from './child.ts';

export interface PoolOptions {
  path: () => string;
  limits: () => ProcessOptions;
  start: (initialize: Params) => Promise<Child>;
  /** The error when the limit is reached and all processes have calls in progress. */
  full: (path: string, limit: number) => BridgeError;
  capacity: Capacity;
}

/** The processes of one server, each with an owner: a session, the agent of a key, or all clients. */
export interface Pool {
  /** The process of an owner, started if there is none. Throws BridgeError. */
  acquire: (owner: string, initialize: Params) => Promise<Child>;
  /** Stops the process of an owner. */
  release: (owner: string) => Promise<void>;
  children: () => Child[];
  /** Why the last start failed, or the last process ended by itself; null: no problem. */
  problem: () => BridgeError | null;
  /** Stops all processes and resets the backoff. */
  reset: () => Promise<void>;
  /** Stops idle processes, and ends those that use too much memory. `memory`: processes, each with the bytes of its process tree. */
  enforce: (memory: ReadonlyMap<number, number>) => void;
}

interface Entry {
  owner: string;
  starting: Promise<Child>;
  child: Child | null;
  /** When a client last used it, by the monotonic clock. */
  usedAtMs: number;
}

/** A process that ended by itself sooner counts as a failed start. */
const STEADY_MS = 10_000;
const MEGABYTE = 1024 * 1024;

/** Creates an empty pool. */
export function createPool({ path, limits, start, full, capacity }: PoolOptions): Pool {
  const entries = new Map<string, Entry>();
  let backoff = createBackoff();
  let problem: BridgeError | null = null;

  function rejectWhileWaiting(): void {
    const waitMs = backoff.waitMs();
    if (waitMs === 0 || problem === null) return;
    const hint = `It is tried again in ${Math.ceil(waitMs / 1_000)} s. ${problem.hint}`;
    throw new BridgeError(problem.reason, problem.message, hint);
  }

  function makeRoom(): void {
    const { maxProcesses } = limits();
    if (entries.size < maxProcesses && !capacity.isFull()) return;
    const [oldest] = [...entries.values()]
      .filter(({ child }) => child?.connection.count() === 0)
      .sort((one, other) => one.usedAtMs - other.usedAtMs);
    if (oldest !== undefined) {
      void stop(oldest);
      return;
    }
    if (entries.size >= maxProcesses) throw full(path(), maxProcesses);
  }

  function watch(entry: Entry, child: Child): void {
    entry.child = child;
    problem = null;
    const current = backoff;
    const steady = setTimeout(() => current.succeeded(), STEADY_MS).unref();
    void child.ended.then((error) => {
      clearTimeout(steady);
      capacity.free();
      // Another entry, or none: it was stopped on purpose.
      if (entries.get(entry.owner) !== entry) return;
      entries.delete(entry.owner);
      problem = error;
      // A lost connection ends many children at once, and does not predict the next one.
      if (child.pid > 0 && Date.now() - child.startedAt < STEADY_MS) backoff.failed();
    });
    // It was stopped while it started.
    if (entries.get(entry.owner) !== entry) void child.stop();
  }

  function begin(owner: string, initialize: Params): Entry {
    rejectWhileWaiting();
    makeRoom();
    capacity.take();
    const entry: Entry = { owner, starting: start(initialize), child: null, usedAtMs: 0 };
    entries.set(owner, entry);
    entry.starting.then(
      (child) => watch(entry, child),
      (error: unknown) => {
        capacity.free();
        if (entries.get(owner) !== entry) return;
        entries.delete(owner);
        problem = error as BridgeError;
        backoff.failed();
      },
    );
    return entry;
  }

  async function stop(entry: Entry): Promise<void> {
    if (entries.get(entry.owner) === entry) entries.delete(entry.owner);
    await entry.starting.then(
      (child) => child.stop(),
      () => undefined,
    );
  }

  return {
    async acquire(owner, initialize) {
      const entry = entries.get(owner) ?? begin(owner, initialize);
      entry.usedAtMs = performance.now();
      return entry.starting;
    },
    async release(owner) {
      const entry = entries.get(owner);
      if (entry !== undefined) await stop(entry);
    },
    children: () => [...entries.values()].flatMap(({ child }) => (child === null ? [] : [child])),
    problem: () => problem,
    async reset() {
      problem = null;
      backoff = createBackoff();
      await Promise.all([...entries.values()].map(stop));
    },
    enforce(memory) {
      const { idleTimeoutS, memoryMb } = limits();
      for (const entry of [...entries.values()]) {
        const { child } = entry;
        if (child === null) continue;
        const usedMb = (memory.get(child.pid) ?? 0) / MEGABYTE;
        if (memoryMb !== null && usedMb > memoryMb) child.kill(tooLarge(path(), usedMb, memoryMb));
        else if (child.connection.count() > 0) entry.usedAtMs = performance.now();
        else if (performance.now() - entry.usedAtMs > idleTimeoutS * 1_000) void stop(entry);
      }
    },
  };
}

function tooLarge(path: string, usedMb: number, memoryMb: number): BridgeError {
  return new BridgeError(
    'program_ended',
    `a process of "${path}" used ${Math.round(usedMb)} MB of memory and was ended; ${memoryMb} MB are allowed`,
    'Raise "memoryMb" of the server, or find out what uses the memory.',
  );
}
