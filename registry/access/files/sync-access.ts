import { chmod, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { META_SERVER_ID } from '../../contract/index.ts';
import { readAllLimits } from '../limits/read-limits.ts';
import type { Store } from '../../store/index.ts';
import { renderKey, renderMeta, renderServer, type ToolFacts } from './access-contents.ts';

/** The result of comparing the access files with the database. */
export interface SyncReport {
  checked: number;
  /** Files that were missing, changed or open to others, by name. */
  written: string[];
  /** Files that do not belong to anything in the database. */
  removed: string[];
  /** Files that could not be written; their writes are retried. */
  failed: string[];
}

interface SyncOptions {
  accessDir: string;
  store: Pick<Store, 'agents' | 'groups' | 'kills' | 'limits' | 'recordings' | 'servers'>;
  toolFacts: (serverId: string) => Promise<ToolFacts>;
  sessionKey: Buffer;
  hasMeta: boolean;
  writer: {
    writeAgent: (name: string) => Promise<void>;
    writeServer: (id: string) => Promise<void>;
    writeMeta: () => Promise<void>;
  };
}

interface Wanted {
  text: string;
  write: () => Promise<void>;
}

/** The content that every file should have, by its name below `accessDir`. */
async function listFiles({ store, toolFacts, sessionKey, hasMeta, writer }: SyncOptions): Promise<Map<string, Wanted>> {
  const wanted = new Map<string, Wanted>();
  const reasons = new Map((await store.kills.all()).map(({ scope, target, reason }) => [`${scope} ${target}`, reason]));
  const groups = new Map((await store.groups.all()).map((group) => [group.name, group]));
  const limits = await readAllLimits(store);
  for (const agent of await store.agents.all()) {
    const killed = reasons.get(`agent ${agent.name}`);
    const write = () => writer.writeAgent(agent.name);
    for (const key of agent.keys)
      wanted.set(`keys/${key.sha256}.json`, {
        text: renderKey({ agent, key, groups, limits, sessionKey, killed }),
        write,
      });
  }
  for (const server of await store.servers.all()) {
    const text = renderServer(
      server,
      await store.servers.credentials(server.id),
      await toolFacts(server.id),
      reasons.get(`server ${server.id}`),
      limits.get(`server ${server.id}`),
      await store.recordings.byServer(server.id),
    );
    wanted.set(`servers/${server.id}.json`, { text, write: () => writer.writeServer(server.id) });
  }
  if (hasMeta) wanted.set(`servers/${META_SERVER_ID}.json`, { text: renderMeta(), write: () => writer.writeMeta() });
  return wanted;
}

async function isAsWanted(file: string, text: string): Promise<boolean> {
  try {
    const facts = await stat(file);
    if ((facts.mode & 0o777) !== 0o600) await chmod(file, 0o600);
    return (await readFile(file, 'utf8')) === text;
  } catch {
    return false;
  }
}

/** Whether a file does not belong to anything in the database. Read again: a key or server may have been added since the comparison began. */
async function isUnknown(store: SyncOptions['store'], folder: string, name: string): Promise<boolean> {
  if (!name.endsWith('.json')) return true;
  const stem = name.slice(0, -'.json'.length);
  if (folder === 'keys') return (await store.agents.byKeyHash(stem)) === undefined;
  const server = await store.servers.byId(stem);
  return server === undefined || server.removedAt !== null;
}

/**
 * Makes the access files match the database. What differs is written through `writer`, which reads the database again, so a change that is
 * made meanwhile is not undone. Throws when a folder cannot be read or an unknown file cannot be deleted.
 */
export async function syncAccess(options: SyncOptions): Promise<SyncReport> {
  const { accessDir } = options;
  const wanted = await listFiles(options);
  const report: SyncReport = { checked: wanted.size, written: [], removed: [], failed: [] };
  await chmod(accessDir, 0o700);
  for (const folder of ['keys', 'servers']) {
    await chmod(join(accessDir, folder), 0o700);
    for (const name of await readdir(join(accessDir, folder))) {
      if (wanted.has(`${folder}/${name}`) || !(await isUnknown(options.store, folder, name))) continue;
      await rm(join(accessDir, folder, name), { recursive: true, force: true });
      report.removed.push(`${folder}/${name}`);
    }
  }
  for (const name of await readdir(accessDir)) {
    if (['keys', 'servers', 'gate.json'].includes(name)) continue;
    await rm(join(accessDir, name), { recursive: true, force: true });
    report.removed.push(name);
  }
  for (const [name, { text, write }] of wanted) {
    if (await isAsWanted(join(accessDir, name), text)) continue;
    await write().then(
      () => report.written.push(name),
      () => report.failed.push(name),
    );
  }
  return report;
}
