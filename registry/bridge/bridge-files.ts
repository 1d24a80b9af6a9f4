import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BRIDGE_FILE_VERSION,
  isAdapted,
  isProgram,
  type Api,
  type RemoteFile,
  type ServedFile,
  type UpstreamFile,
} from '../contract/index.ts';
import { describeError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { removeFile, replaceFile } from '../lib/replace-file.ts';
import type { Store, StoredServer } from '../store/index.ts';
import { removeOtherFiles } from './remove-other-files.ts';

/** Writes `DATA_DIR/bridge/servers/`: what the bridge may serve, so that it continues while the registry is down. */
export interface BridgeFiles {
  /** Writes the file of a server from its stored state; none for one that is removed, disabled or not served by the bridge. Throws errors of the file system. */
  writeServer: (id: string) => Promise<void>;
  /** Writes every file and removes those without a server. */
  sync: () => Promise<void>;
}

interface BridgeFilesOptions {
  store: Pick<Store, 'servers'>;
  log: Pick<Log, 'warn'>;
  /** `DATA_DIR/bridge`. */
  folder: string;
  /** False: no file of a program is written, so none runs. */
  allowsPrograms: boolean;
  upstream: Omit<UpstreamFile, 'v'>;
  compileDescription: (document: string, at: string | null) => Api;
}

const v = BRIDGE_FILE_VERSION;
/** Maximum time of a call without progress, even if the read timeout of the server is longer. */
const MAX_CALL_MS = { openapi: 120_000, mcp: 600_000 };
const READ_SHARE = 0.8;

/** Creates the writer; its folder is created on first use. */
export function createBridgeFiles({ store, log, folder, ...options }: BridgeFilesOptions): BridgeFiles {
  const servers = join(folder, 'servers');
  const nameOf = (id: string) => join(servers, `${id}.json`);
  const prepare = () => mkdir(servers, { recursive: true, mode: 0o700 });

  async function describeRemote(server: StoredServer): Promise<RemoteFile | undefined> {
    const { id, path, timeouts, openapi, transport } = server;
    const kind = transport === 'openapi' ? 'openapi' : 'mcp';
    const [instance] = server.instances.filter(({ enabled }) => enabled);
    if (instance === undefined) return undefined;
    const common = {
      v: BRIDGE_FILE_VERSION as typeof BRIDGE_FILE_VERSION,
      ...{ id, path },
      url: instance.query === '' ? instance.url : `${instance.url}?${instance.query}`,
      headers: await store.servers.credentials(id),
      tls: server.tls ?? null,
      connectMs: timeouts.connectMs,
      // Before NGINX ends the silent request, so that the caller gets the reason.
      callMs: Math.min(Math.round(timeouts.readMs * READ_SHARE), MAX_CALL_MS[kind]),
    };
    if (kind === 'mcp') return { ...common, kind, transport };
    const document = await store.servers.document(id);
    if (openapi === undefined || document === undefined) return undefined;
    try {
      return { ...common, kind, api: options.compileDescription(document, openapi.url) };
    } catch (error) {
      // Another version accepted it. That must not prevent other servers from being served.
      log.warn({ path, error: describeError(error) }, 'the description of a server cannot be used');
      return undefined;
    }
  }

  async function describe(server: StoredServer): Promise<ServedFile | undefined> {
    const { id, path, program } = server;
    if (isAdapted(server)) return describeRemote(server);
    if (program === null) return undefined;
    return options.allowsPrograms
      ? { v, id, path, kind: 'program', program, env: await store.servers.environment(id) }
      : undefined;
  }

  async function writeServer(id: string): Promise<void> {
    const server = await store.servers.byId(id);
    const isServed = server?.removedAt === null && server.enabled;
    const file = isServed ? await describe(server) : undefined;
    if (file === undefined) {
      await removeFile(nameOf(id), false);
      return;
    }
    await prepare();
    await replaceFile(nameOf(id), `${JSON.stringify(file)}\n`, true);
  }

  return {
    writeServer,
    async sync() {
      await prepare();
      await replaceFile(join(folder, 'upstream.json'), `${JSON.stringify({ v, ...options.upstream })}\n`, true);
      const served = (await store.servers.all()).filter((server) => isProgram(server.transport) || isAdapted(server));
      const known = new Set(served.map(({ id }) => `${id}.json`));
      await removeOtherFiles(servers, known);
      for (const { id } of served) await writeServer(id);
    },
  };
}
