import { join } from 'node:path';
import { measureGroups } from '../programs/measure-groups.ts';
import { createServer, type ProgramServer, type Server, type ServerDeps } from './create-server.ts';
import type { ServerFiles } from './read-files.ts';

/** Every server that is registered and was used, by id. */
export interface Servers {
  /** Undefined: there is no such server, or it may not run. */
  find: (id: string) => Server | undefined;
  /** Process group → bytes of memory, as measured last. */
  memory: () => ReadonlyMap<number, number>;
  close: () => Promise<void>;
}

export interface ServersOptions extends Omit<ServerDeps, 'home'> {
  files: ServerFiles;
  /** Each server has a private folder in it, which is its working directory unless it names another. */
  homes: string;
  /** Servers inside the bridge that are no program, by id. */
  builtIn: ReadonlyMap<string, Server>;
}

const HOUSEKEEPING_MS = 1_000;

/** Creates the servers. What is registered is looked up at each use; once a second idle processes and those of removed servers are stopped. */
export function createServers({ files, homes, builtIn, ...deps }: ServersOptions): Servers {
  const servers = new Map<string, ProgramServer>();
  let memory: ReadonlyMap<number, number> = new Map();

  function find(id: string): Server | undefined {
    const own = builtIn.get(id);
    if (own !== undefined) return own;
    const file = files.read(id);
    const server = servers.get(id);
    if (file === undefined) {
      servers.delete(id);
      void server?.close();
      return undefined;
    }
    if (server !== undefined) {
      server.change(file);
      return server;
    }
    const created = createServer(file, { ...deps, home: join(homes, id) });
    servers.set(id, created);
    return created;
  }

  let measuring = false;
  const timer = setInterval(() => {
    for (const server of builtIn.values()) server.enforce(memory);
    const running = [...servers].filter(([, server]) => server.children().length > 0);
    const inUse = running.flatMap(([id]) => find(id) ?? []);
    if (measuring || inUse.length === 0) return;
    measuring = true;
    void measureGroups().then((measured) => {
      measuring = false;
      memory = measured;
      for (const server of inUse) server.enforce(measured);
    });
  }, HOUSEKEEPING_MS);

  return {
    find,
    memory: () => memory,
    async close() {
      clearInterval(timer);
      await Promise.all([...servers.values(), ...builtIn.values()].map((server) => server.close()));
    },
  };
}
