import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CATALOGUE_VERSION,
  snippetTransport,
  STATE_SUFFIX,
  type CatalogueFile,
  type CatalogueState,
} from '../contract/index.ts';
import { describeError } from '../lib/errors.ts';
import type { Events } from '../lib/events.ts';
import { createKeyedMutex } from '../lib/keyed-mutex.ts';
import { removeFile, replaceFile } from '../lib/replace-file.ts';
import type { Log } from '../lib/log.ts';
import type { Store } from '../store/index.ts';
import { removeOtherFiles } from './remove-other-files.ts';

/** Writes `DATA_DIR/bridge/catalogue/`: what the meta endpoint shows of servers. */
export interface CatalogueFiles {
  /** Writes every file that is out of date, removes those without a server, and follows the changes from then on. */
  start: () => void;
  /** Resolves when all writes in progress are complete. */
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

  /** Ids of the servers whose tools were known when their file was written. */
  const listed = new Set<string>();

  /** What is known of a server; undefined: it is not shown. */
  async function read(id: string) {
    const server = await store.servers.byId(id);
    if (server === undefined || server.removedAt !== null || !server.enabled) return undefined;
    const seen = await store.observations.byServer(id);
    return { server, seen, isListed: seen !== undefined && seen.snapshotHash !== null };
  }
  type Known = NonNullable<Awaited<ReturnType<typeof read>>>;

  function describeState({ server, seen }: Known): CatalogueState {
    const endpoints = {
      mcp: server.instances.some(({ endpoints: found }) => Boolean(found?.mcp)),
      sse: server.instances.some(({ endpoints: found }) => Boolean(found?.sse)),
    };
    return {
      v: CATALOGUE_VERSION,
      health: seen?.health ?? 'unknown',
      era: seen?.era ?? null,
      isSseOnly: snippetTransport(endpoints) === 'sse',
    };
  }

  async function describe({ server, isListed }: Known): Promise<CatalogueFile> {
    const { id, path, name, description, tags } = server;
    const tools = isListed ? (await store.tools.byServer(id)).map(({ tool }) => tool) : null;
    return { v: CATALOGUE_VERSION, id, path, name, description, tags, tools };
  }

  const put = (name: string, content: object) => replaceFile(join(folder, name), `${JSON.stringify(content)}\n`, false);

  /** `part`: `state` where nothing else can have changed; the list of tools may be long, so it is not rewritten. */
  async function write(id: string, part: 'all' | 'state'): Promise<void> {
    const [name, stateName] = [`${id}.json`, `${id}${STATE_SUFFIX}`];
    const known = await read(id);
    if (known === undefined) {
      listed.delete(id);
      for (const one of [name, stateName]) await removeFile(join(folder, one), false);
      return;
    }
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await put(stateName, describeState(known));
    if (part === 'state' && listed.has(id) === known.isListed) return;
    await put(name, await describe(known));
    if (known.isListed) listed.add(id);
    else listed.delete(id);
  }

  function follow(work: Promise<void>): void {
    const done = work
      .catch((error: unknown) =>
        log.warn({ error: describeError(error) }, 'a file of the meta endpoint could not be written'),
      )
      .finally(() => running.delete(done));
    running.add(done);
  }
  interface About {
    serverId: string;
    path: string;
  }
  async function announce(about: About, written: Promise<void>): Promise<void> {
    await written;
    events.emit('catalogue.written', about);
  }
  const update = (about: About) =>
    follow(
      announce(
        about,
        mutex.coalesce(about.serverId, () => write(about.serverId, 'all')),
      ),
    );
  const updateState = (about: About) => {
    const { serverId } = about;
    const written = mutex.coalesce(`state ${serverId}`, () => mutex.run(serverId, () => write(serverId, 'state')));
    follow(announce(about, written));
  };

  async function sync(): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const ids = (await store.servers.all()).map(({ id }) => id);
    const known = new Set(ids.flatMap((id) => [`${id}.json`, `${id}${STATE_SUFFIX}`]));
    await removeOtherFiles(folder, known);
    for (const id of ids) await mutex.run(id, () => write(id, 'all'));
  }

  return {
    start() {
      stops.push(
        ...(['server.registered', 'server.changed', 'server.removed', 'server.restored'] as const).map((name) =>
          events.on(name, update),
        ),
        events.on('tools.changed', update),
        events.on('health.checked', (event) => {
          if (event.changed) updateState(event);
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
