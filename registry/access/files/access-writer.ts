import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { META_SERVER_ID } from '../../contract/index.ts';
import { type Store, deriveKey } from '../../store/index.ts';
import type { Log } from '../../lib/log.ts';
import { createEnforcement } from './retrying-writer.ts';
import { renderGate, renderKey, renderMeta, renderServer, type ToolFacts } from './access-contents.ts';
import { readGroups } from '../grants/list-grants.ts';
import { createKeyIndex } from './key-index.ts';
import { readLimits } from '../limits/read-limits.ts';
import { removeFile, replaceFile } from '../../lib/replace-file.ts';
import { syncAccess, type SyncReport } from './sync-access.ts';

// The registry's side of access control (docs/architecture.md): small files from which the gate reads who may do what. Each is a function of the database, so the newest
// state wins regardless of the order of the calls. A failed write is retried until it succeeds.

/** Writes the gate's access files. Each promise fulfils when the file is on disk, so that a response can confirm it. */
export interface AccessWriter {
  /** Writes the files of the agent's keys from the current state of the database. Throws `unavailable` when stored but not yet enforced. */
  writeAgent: (name: string) => Promise<void>;
  /** The same for several agents. Each is tried; throws the first failure. */
  writeAgents: (names: readonly string[]) => Promise<void>;
  /** Writes the server's file from the current state of the database; a removed server has none. Throws like `writeAgent`. */
  writeServer: (id: string) => Promise<void>;
  /** Writes the file of the gate itself, with the kill switch of everything. Throws like `writeAgent`. */
  writeGate: () => Promise<void>;
  /** Makes the gate close client connections after each reply, or stops it from doing so. */
  setDrain: (on: boolean) => Promise<void>;
  /** Compares every file with the database: writes what is missing or differs, deletes unknown files. Call it before serving. */
  sync(): Promise<SyncReport>;
  /** What is stored but not enforced yet, by file name; empty when all is well. */
  overdue(): string[];
  /** Whether what is stored of an agent (by name), a server (by id) or the gate itself is not enforced yet. */
  isOverdue(of: { agent?: string; server?: string; gate?: true }): boolean;
  close(): void;
}

export interface AccessWriterOptions {
  store: Pick<Store, 'agents' | 'groups' | 'kills' | 'limits' | 'recordings' | 'servers'>;
  accessDir: string;
  secretKey: string;
  log: Pick<Log, 'info' | 'warn'>;
  toolFacts?: (serverId: string) => Promise<ToolFacts>;
  /** Whether the meta endpoint is served; absent: no. */
  hasMeta?: boolean;
  retryMs?: number;
}

/** How many agents' files are written at once. */
const PARALLEL_WRITES = 8;

async function runAllSteps(steps: (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  // Every step is tried: on a full disk a file can still be deleted.
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}

/** Creates the writer for `accessDir`; its folders are created on first use. */
export function createAccessWriter(options: AccessWriterOptions): AccessWriter {
  const { store, accessDir } = options;
  const toolFacts = options.toolFacts ?? (() => Promise.resolve({ allowed: null, readOnly: [] }));
  const sessionKey = deriveKey(options.secretKey, 'session');
  const enforcement = createEnforcement(options.log, options.retryMs ?? 1_000);
  const keyIndex = createKeyIndex(join(accessDir, 'keys'));
  let drain = false;
  let folders: Promise<unknown> | undefined;

  const fileOf = {
    key: (sha256: string) => join(accessDir, 'keys', `${sha256}.json`),
    server: (id: string) => join(accessDir, 'servers', `${id}.json`),
  };

  function createFolders(): Promise<unknown> {
    const create = (name: string) => mkdir(join(accessDir, name), { recursive: true, mode: 0o700 });
    folders ??= create('.')
      .then(() => Promise.all(['keys', 'servers'].map(create)))
      .catch((error: unknown) => {
        folders = undefined;
        throw error;
      });
    return folders;
  }

  async function putAgent(name: string): Promise<void> {
    await createFolders();
    const known = await keyIndex.of(name);
    const agent = await store.agents.byName(name);
    const keys = agent?.keys ?? [];
    const groups = await readGroups(store, agent?.groups ?? []);
    const killed = (await store.kills.byTarget('agent', name))?.reason;
    const limits = agent === undefined ? new Map<string, never>() : await readLimits(store, agent);
    const wanted = new Set(keys.map((key) => key.sha256));
    await runAllSteps([
      ...known
        .filter((sha256) => !wanted.has(sha256))
        .map((sha256) => async () => {
          await removeFile(fileOf.key(sha256), true);
          keyIndex.remove(sha256);
        }),
      ...keys.map((key) => async () => {
        keyIndex.put(key.sha256, name);
        if (agent !== undefined)
          await replaceFile(
            fileOf.key(key.sha256),
            renderKey({ agent, key, groups, limits, sessionKey, killed }),
            true,
          );
      }),
    ]);
  }

  async function putServer(id: string): Promise<void> {
    await createFolders();
    const server = await store.servers.byId(id);
    if (server === undefined || server.removedAt !== null) {
      await removeFile(fileOf.server(id), true);
      return;
    }
    const killed = (await store.kills.byTarget('server', id))?.reason;
    const limits = await store.limits.of({ scope: 'server', target: id });
    const recording = await store.recordings.byServer(id);
    const credentials = await store.servers.credentials(id);
    const text = renderServer(server, credentials, await toolFacts(id), killed, limits, recording);
    await replaceFile(fileOf.server(id), text, true);
  }

  async function putGate(): Promise<void> {
    await createFolders();
    const killed = (await store.kills.byTarget('all', ''))?.reason;
    await replaceFile(join(accessDir, 'gate.json'), renderGate(drain, sessionKey, killed), true);
  }

  const writeMeta = () =>
    enforcement.run('the access file of the meta endpoint', async () => {
      await replaceFile(fileOf.server(META_SERVER_ID), renderMeta(), true);
    });

  /** Files that are written together, as messages name them. */
  const unitOf = {
    agent: (name: string) => `keys/*.json of ${name}`,
    server: (id: string) => `servers/${id}.json`,
    gate: 'gate.json',
  };

  const writer: AccessWriter = {
    writeAgent: (name) => enforcement.run(unitOf.agent(name), () => putAgent(name)),
    async writeAgents(names) {
      const waiting = [...names];
      const failures: unknown[] = [];
      const writeNext = async (): Promise<void> => {
        for (let name = waiting.shift(); name !== undefined; name = waiting.shift())
          await writer.writeAgent(name).catch((error: unknown) => failures.push(error));
      };
      await Promise.all(Array.from({ length: PARALLEL_WRITES }, writeNext));
      if (failures.length > 0) throw failures[0];
    },
    writeServer: (id) => enforcement.run(unitOf.server(id), () => putServer(id)),
    writeGate: () => enforcement.run(unitOf.gate, putGate),
    setDrain(on) {
      drain = on;
      return writer.writeGate();
    },
    async sync() {
      await createFolders();
      await writer.setDrain(drain);
      const meta = {
        hasMeta: options.hasMeta ?? false,
        writer: { ...writer, writeMeta },
      };
      const report = await syncAccess({ accessDir, store, toolFacts, sessionKey, ...meta });
      const [written, removed] = [report.written.length, report.removed.length];
      if (written + removed > 0)
        options.log.info({ written, removed }, 'access files differed from the database and were corrected');
      return report;
    },
    overdue: enforcement.overdue,
    isOverdue: ({ agent, server, gate }) =>
      (agent !== undefined && enforcement.isOverdue(unitOf.agent(agent))) ||
      (server !== undefined && enforcement.isOverdue(unitOf.server(server))) ||
      (gate === true && enforcement.isOverdue(unitOf.gate)),
    close: enforcement.close,
  };
  return writer;
}
