import { createMemoryGauge } from '../programs/memory-gauge.ts';
import type { ServedFile } from '@mcpgw/registry/contract';
import type { RegisteredServer, Server } from './create-server.ts';
import type { ServerFiles } from './read-files.ts';

/** Every server that is registered and was used, by id. */
export interface Servers {
  /** Undefined: there is no such server, or it may not run. */
  find: (id: string) => Server | undefined;
  /** Processes, each with the bytes of memory of its process tree. */
  memory: () => Promise<ReadonlyMap<number, number>>;
  close: () => Promise<void>;
}

/** Servers inside the bridge that are not programs, by id. */
export interface BuiltIn {
  get: (id: string) => Server | undefined;
  values: () => Iterable<Server>;
}

type Create<File> = (file: File) => RegisteredServer<File>;

export interface ServersOptions {
  files: ServerFiles;
  builtIn: BuiltIn;
  /** Creates a server from a file, by kind. */
  create: { [Kind in ServedFile['kind']]: Create<Extract<ServedFile, { kind: Kind }>> };
}

interface Registered {
  kind: ServedFile['kind'];
  server: RegisteredServer<ServedFile>;
}

const HOUSEKEEPING_MS = 1_000;
const UNKNOWN: ReadonlyMap<number, number> = new Map();

/** Creates the servers. The registration is looked up at each use; once a second idle processes and those of removed servers are stopped. */
export function createServers({ files, builtIn, create }: ServersOptions): Servers {
  const servers = new Map<string, Registered>();
  const gauge = createMemoryGauge();

  function register(file: ServedFile): Registered {
    // A server only receives files of its own kind.
    const createOne = create[file.kind] as unknown as Create<ServedFile>;
    return { kind: file.kind, server: createOne(file) };
  }

  function find(id: string): Server | undefined {
    const own = builtIn.get(id);
    if (own !== undefined) return own;
    const file = files.read(id);
    const registered = servers.get(id);
    if (file !== undefined && registered?.kind === file.kind) {
      registered.server.change(file);
      return registered.server;
    }
    servers.delete(id);
    void registered?.server.close();
    if (file === undefined) return undefined;
    const created = register(file);
    servers.set(id, created);
    return created.server;
  }

  const hasLimit = (server: Server) =>
    server.limits().memoryMb !== null && server.children().some(({ pid }) => pid > 0);
  const timer = setInterval(() => {
    for (const server of builtIn.values()) server.enforce(UNKNOWN);
    const running = [...servers].filter(([, { server }]) => server.children().length > 0);
    const inUse = running.flatMap(([id]) => find(id) ?? []);
    const limited = inUse.filter(hasLimit);
    for (const server of inUse) if (!limited.includes(server)) server.enforce(UNKNOWN);
    if (limited.length === 0) return;
    void gauge.read().then((measured) => {
      for (const server of limited) server.enforce(measured);
    });
  }, HOUSEKEEPING_MS);

  return {
    find,
    memory: gauge.read,
    async close() {
      clearInterval(timer);
      const all = [...[...servers.values()].map(({ server }) => server), ...builtIn.values()];
      await Promise.all(all.map((server) => server.close()));
    },
  };
}
