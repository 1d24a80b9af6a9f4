import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { VIRTUAL_FILE_VERSION, type VirtualFile } from '../contract/index.ts';
import { removeFile, replaceFile } from '../lib/replace-file.ts';
import type { Store } from '../store/index.ts';
import type { BridgeFiles } from './bridge-files.ts';
import { removeOtherFiles } from './remove-other-files.ts';

/** Creates the writer of `DATA_DIR/bridge/virtual/`: the virtual servers that the bridge serves. */
export function createVirtualFiles(store: Pick<Store, 'servers'>, folder: string): BridgeFiles {
  const nameOf = (id: string) => join(folder, `${id}.json`);

  async function writeServer(id: string): Promise<void> {
    const server = await store.servers.byId(id);
    const { tools, toolsVersion: version = 1 } = server ?? {};
    if (server === undefined || tools === undefined || server.removedAt !== null || !server.enabled) {
      await removeFile(nameOf(id), false);
      return;
    }
    const { path, name, description } = server;
    const file: VirtualFile = { v: VIRTUAL_FILE_VERSION, id, path, name, description, version, tools };
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await replaceFile(nameOf(id), `${JSON.stringify(file)}\n`, true);
  }

  return {
    writeServer,
    async sync() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const virtual = (await store.servers.all()).filter(({ tools }) => tools !== undefined);
      const known = new Set(virtual.map(({ id }) => `${id}.json`));
      await removeOtherFiles(folder, known);
      for (const { id } of virtual) await writeServer(id);
    },
  };
}
