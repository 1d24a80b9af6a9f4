import { isDeepStrictEqual } from 'node:util';
import type { ProcessOptions, ServedFile } from '@mcpgw/registry/contract';
import type { BridgeError } from '../bridge-error.ts';
import type { NotificationMessage, Params } from '../connection/message.ts';
import { createOutputLog, type OutputLog } from '../programs/output-log.ts';
import type { Capacity } from './capacity.ts';
import type { Child, StartOptions } from './child.ts';
import { createPool, type Pool } from './create-pool.ts';
import { hashTools } from './hash-tools.ts';
import { INITIALIZE } from './initialize.ts';
import { listTools } from './list-tools.ts';

/** The parts that differ between the kinds of servers. */
export interface ServerKind<File> {
  capacity: Capacity;
  limits: (file: File) => ProcessOptions;
  /** The error when the limit is reached. */
  full: (path: string, limit: number) => BridgeError;
  /** Throws BridgeError. */
  start: (file: File, options: StartOptions) => Promise<Child>;
}

/** The server's own description from its last `initialize` and lists; valid while nothing runs. */
export interface Known {
  initialized: Params;
  tools: unknown[] | null;
  toolsHash: string | null;
}

/** The bridge's response to the registry's check of a server inside it. */
export interface Condition {
  state: 'running' | 'degraded' | 'failed';
  problem: string | null;
  remedy: string | null;
  /** How long it took to respond. */
  latencyMs?: number | null;
}

/** One registered server: its processes, and what is known about it. */
export interface Server extends Pick<Pool, 'release' | 'children' | 'problem' | 'enforce'> {
  path: () => string;
  limits: () => ProcessOptions;
  /** The process of an owner, started if there is none; `initialize` has the parameters that its client sent. Throws BridgeError. */
  acquire: (owner: string, initialize?: Params) => Promise<Child>;
  /** Ensures that it starts and that its tools were listed no longer than `maxAgeMs` ago; a process started for the check is stopped. Throws BridgeError. */
  check: (maxAgeMs?: number) => Promise<void>;
  known: () => Known | null;
  /** The condition of a server without processes. */
  condition?: () => Condition | Promise<Condition>;
  /** Number of process starts since the start of the bridge. */
  starts: () => number;
  output: OutputLog;
  /** Called with notifications that concern no single client: changed lists and resources. */
  onNotification: (listener: (message: NotificationMessage) => void) => void;
  close: () => Promise<void>;
}

/** A server with a file of the registry. */
export interface RegisteredServer<File> extends Server {
  /** Applies the current registration; processes of another program or with other options are stopped. */
  change: (file: File) => void;
}

const CHECK = 'check';
const RELIST_MS = 60_000;
/** Creates a server; nothing is started before it is used. */
export function createServer<File extends ServedFile>(first: File, kind: ServerKind<File>): RegisteredServer<File> {
  let file = first;
  let known: Known | null = null;
  let listedAtMs = -Infinity;
  let listener: (message: NotificationMessage) => void = () => undefined;
  const output = createOutputLog();

  let starts = 0;

  async function start(initialize: Params): Promise<Child> {
    starts += 1;
    const child = await kind.start(file, {
      ...{ initialize, output },
      onNotification(message) {
        listener(message);
        if (message.method === 'notifications/tools/list_changed') void refreshTools(child);
      },
    });
    const { tools = null, toolsHash = null } = known ?? {};
    known = { initialized: child.initialized, tools, toolsHash };
    if (performance.now() - listedAtMs > RELIST_MS) void child.confirmed.then(() => refreshTools(child));
    return child;
  }
  const limits = () => kind.limits(file);
  const pool = createPool({ path: () => file.path, limits, start, full: kind.full, capacity: kind.capacity });

  async function refreshTools(child: Child): Promise<void> {
    listedAtMs = performance.now();
    const tools = await listTools(child);
    if (tools === null) return;
    const toolsHash = hashTools(tools);
    known = { initialized: child.initialized, tools, toolsHash };
  }

  return {
    path: () => file.path,
    limits,
    output,
    known: () => known,
    starts: () => starts,
    acquire: (owner, initialize = INITIALIZE) => pool.acquire(owner, initialize),
    async check(maxAgeMs = 0) {
      const [running] = pool.children();
      const child = running ?? (await pool.acquire(CHECK, INITIALIZE));
      child.confirm();
      if ((known?.tools ?? null) === null || performance.now() - listedAtMs > maxAgeMs) await refreshTools(child);
      await pool.release(CHECK);
    },
    change(next) {
      if (next === file) return;
      const isSame = isDeepStrictEqual({ ...file, path: '' }, { ...next, path: '' });
      file = next;
      if (isSame) return;
      listedAtMs = -Infinity;
      void pool.reset();
    },
    onNotification: (given) => void (listener = given),
    close: () => pool.reset(),
    ...{ release: pool.release, children: pool.children, problem: pool.problem, enforce: pool.enforce },
  };
}
