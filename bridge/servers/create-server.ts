import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { BridgeFile, ProcessOptions } from '@mcpgw/registry/contract';
import type { NotificationMessage, Params } from '../connection/message.ts';
import { createOutputLog, type OutputLog } from '../programs/output-log.ts';
import type { Capacity } from './capacity.ts';
import { createPool, type Pool } from './create-pool.ts';
import { listTools } from './list-tools.ts';
import { startChild, type Child, type ChildOptions } from './start-child.ts';

export interface ServerDeps extends Pick<ChildOptions, 'outerEnvironment' | 'marks' | 'home'> {
  capacity: Capacity;
}

/** The server's own description from its last `initialize` and lists; valid while nothing runs. */
export interface Known {
  initialized: Params;
  tools: unknown[] | null;
  toolsHash: string | null;
}

/** One registered server: its processes, and what is known of it. */
export interface Server extends Pick<Pool, 'release' | 'children' | 'problem' | 'enforce'> {
  path: () => string;
  limits: () => ProcessOptions;
  /** The process of an owner, started where there is none; `initialize` is what its client sent. Throws BridgeError. */
  acquire: (owner: string, initialize?: Params) => Promise<Child>;
  /** Makes sure that it starts and that its tools are known; nothing runs on because of it. Throws BridgeError. */
  check: () => Promise<void>;
  known: () => Known | null;
  /** How often a process of it was started since the bridge was. */
  starts: () => number;
  output: OutputLog;
  /** Called with what no single client is meant by: lists and resources that changed. */
  onNotification: (listener: (message: NotificationMessage) => void) => void;
  close: () => Promise<void>;
}

/** A server that is a program. */
export interface ProgramServer extends Server {
  /** Takes over what is registered now; processes of another program or of other options are stopped. */
  change: (file: BridgeFile) => void;
}

const CHECK = 'check';
const RELIST_MS = 60_000;
/** What the bridge sends as `initialize` where no client does: whatever a client may be able to do. */
const INITIALIZE: Params = {
  protocolVersion: '2025-11-25',
  capabilities: { sampling: {}, elicitation: { form: {}, url: {} }, roots: { listChanged: true } },
  clientInfo: { name: 'mcpgw', version: '0.1.0' },
};

/** Creates a server; nothing is started before it is used. */
export function createServer(first: BridgeFile, deps: ServerDeps): ProgramServer {
  let file = first;
  let known: Known | null = null;
  let listedAtMs = -Infinity;
  let listener: (message: NotificationMessage) => void = () => undefined;
  const output = createOutputLog();
  const { capacity, ...surroundings } = deps;

  let starts = 0;

  async function start(initialize: Params): Promise<Child> {
    starts += 1;
    const child = await startChild({
      ...surroundings,
      ...{ file, initialize, output },
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
  const limits = () => file.program.process;
  const pool = createPool({ path: () => file.path, limits, start, capacity });

  async function refreshTools(child: Child): Promise<void> {
    listedAtMs = performance.now();
    const tools = await listTools(child);
    if (tools === null) return;
    const toolsHash = createHash('sha256').update(JSON.stringify(tools)).digest('hex');
    known = { initialized: child.initialized, tools, toolsHash };
  }

  return {
    path: () => file.path,
    limits,
    output,
    known: () => known,
    starts: () => starts,
    acquire: (owner, initialize = INITIALIZE) => pool.acquire(owner, initialize),
    async check() {
      const [running] = pool.children();
      const child = running ?? (await pool.acquire(CHECK, INITIALIZE));
      child.confirm();
      await refreshTools(child);
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
