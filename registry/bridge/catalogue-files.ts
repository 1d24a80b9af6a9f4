import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CATALOGUE_VERSION, snippetTransport, type CatalogueFile } from '../contract/index.ts';
import { describeError } from '../lib/errors.ts';
import type { Events } from '../lib/events.ts';
import { createKeyedMutex } from '../lib/keyed-mutex.ts';
import { removeFile, replaceFile } from '../lib/replace-file.ts';
import type { Log } from '../lib/log.ts';
import type { Store } from '../store/index.ts';

/** Writes `DATA_DIR/bridge/catalogue/`: what the meta endpoint shows of servers. */
export interface CatalogueFiles {
  /** Writes every file that is out of date, removes those without a server, and follows the changes from then on. */
  start: () => void;
  /** Resolves when what was begun is written. */
  close: () => Promise<void>;
}

interface CatalogueFilesOptions {
  store: Pick<Store, 'servers' | 'observations' | 'tools'>;
  events: Events;
  log: Pick<Log, 'warn'>;
  /** `DATA_DIR/bridge/catalogue`. */
  folder: string;
}

/** Creates the writer. A file that could not be written is written at the next change of its server or the next start. */
export function createCatalogueFiles({ store, events, log, folder }: CatalogueFilesOptions): CatalogueFiles {
  const mutex = createKeyedMutex();
  const running = new Set<Promise<void>>();
  const stops: (() => void)[] = [];

  async function describe(id: string): Promise<CatalogueFile | undefined> {
    const server = await store.servers.byId(id);
    if (server === undefined || server.removedAt !== null || !server.enabled) return undefined;
    const seen = await store.observations.byServer(id);
    const endpoints = {
      mcp: server.instances.some(({ endpoints: found }) => Boolean(found?.mcp)),
      sse: server.instances.some(({ endpoints: found }) => Boolean(found?.sse)),
    };
    const isListed = seen !== undefined && seen.snapshotHash !== null;
    return {
      v: CATALOGUE_VERSION,
      id,
      path: server.path,
      name: server.name,
      description: server.description,
      tags: server.tags,
      health: seen?.health ?? 'unknown',
      problem: seen?.problem ?? null,
      era: seen?.era ?? null,
      isSseOnly: snippetTransport(endpoints) === 'sse',
      tools: isListed ? (await store.tools.byServer(id)).map(({ tool }) => tool) : null,
    };
  }

  async function write(id: string): Promise<void> {
    const name = join(folder, `${id}.json`);
    const file = await describe(id);
    if (file === undefined) {
      await removeFile(name, false);
      return;
    }
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await replaceFile(name, `${JSON.stringify(file)}\n`, false);
  }

  function follow(work: Promise<void>): void {
    const done = work
      .catch((error: unknown) =>
        log.warn({ error: describeError(error) }, 'a file of the meta endpoint is not written'),
      )
      .finally(() => running.delete(done));
    running.add(done);
  }
  const update = ({ serverId }: { serverId: string }) => follow(mutex.coalesce(serverId, () => write(serverId)));

  async function sync(): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const ids = (await store.servers.all()).map(({ id }) => id);
    const known = new Set(ids.map((id) => `${id}.json`));
    for (const name of await readdir(folder)) if (!known.has(name)) await removeFile(join(folder, name), false);
    for (const id of ids) await mutex.run(id, () => write(id));
  }

  return {
    start() {
      stops.push(
        ...(['server.registered', 'server.changed', 'server.removed', 'server.restored'] as const).map((name) =>
          events.on(name, update),
        ),
        events.on('tools.changed', update),
        events.on('health.checked', (event) => {
          if (event.changed) update(event);
        }),
      );
      follow(sync());
    },
    async close() {
      for (const stop of stops.splice(0)) stop();
      await Promise.all(running);
    },
  };
}
