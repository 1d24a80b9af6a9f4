import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BRIDGE_FILE_VERSION, type BridgeFile } from '../contract/index.ts';
import { removeFile, replaceFile } from '../lib/replace-file.ts';
import type { Store } from '../store/index.ts';

/** Writes `DATA_DIR/bridge/servers/`: what the bridge may run, so that it continues while the registry is down. */
export interface BridgeFiles {
  /** The file of a server as the store has it now; none for one that is removed, disabled or no program. Throws what the file system throws. */
  writeServer: (id: string) => Promise<void>;
  /** Writes every file, removes those without a server. */
  sync: () => Promise<void>;
}

interface BridgeFilesOptions {
  store: Pick<Store, 'servers'>;
  /** `DATA_DIR/bridge/servers`. */
  folder: string;
  /** False: no file is written, so nothing runs. */
  allowsPrograms: boolean;
}

/** Creates the writer; its folder is made at the first use. */
export function createBridgeFiles({ store, folder, allowsPrograms }: BridgeFilesOptions): BridgeFiles {
  const nameOf = (id: string) => join(folder, `${id}.json`);
  const prepare = () => mkdir(folder, { recursive: true, mode: 0o700 });

  async function writeServer(id: string): Promise<void> {
    const server = await store.servers.byId(id);
    const mayRun = allowsPrograms && server?.removedAt === null && server.enabled;
    if (!mayRun || server.program === null) {
      await removeFile(nameOf(id), false);
      return;
    }
    const { path, program } = server;
    const file: BridgeFile = { v: BRIDGE_FILE_VERSION, id, path, program, env: await store.servers.environment(id) };
    await prepare();
    await replaceFile(nameOf(id), `${JSON.stringify(file)}\n`, true);
  }

  return {
    writeServer,
    async sync() {
      await prepare();
      const programs = (await store.servers.all()).filter(({ program }) => program !== null);
      const known = new Set(programs.map(({ id }) => `${id}.json`));
      for (const name of await readdir(folder)) if (!known.has(name)) await removeFile(join(folder, name), false);
      for (const { id } of programs) await writeServer(id);
    },
  };
}
