import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { hashKey } from '../../../registry/access/agents/key.ts';
import type { Actor } from '../../../registry/contract/index.ts';
import { createDataDir, startApp, type Started } from '../http/start-app.ts';

export const actor: Actor = { kind: 'system', name: 'test', address: null };

/** A registry and its access files; both are created before each test of the file that calls this. */
export function prepareAccess() {
  let folder: ReturnType<typeof createDataDir>;
  const file = (...name: string[]): string => join(folder.dataDir, 'access', ...name);
  const on = {
    app: undefined as unknown as Started,
    /** Starts a registry on the same folder, after `app.close()`. */
    async start(): Promise<void> {
      on.app = await startApp(folder.dataDir);
    },
    async restart(): Promise<void> {
      await on.app.close();
      await on.start();
    },
    /** Path of an access file. */
    file,
    /** Name of the file of the first agent's key. */
    first: (): string => `${hashKey(on.app.first?.key ?? '')}.json`,
    /** Content of an access file. */
    read: (...name: string[]): unknown => JSON.parse(readFileSync(file(...name), 'utf8')),
    register: (path: string) =>
      on.app.deps.servers.register(actor, {
        path,
        name: path,
        description: '',
        tags: [],
        instances: [
          { url: 'http://127.0.0.1:9/mcp?token=in-the-query', weight: 2, enabled: true },
          { url: 'http://127.0.0.1:10/', weight: 1, enabled: false },
        ],
        transport: 'auto',
        adapt: false,
        program: null,
        env: {},
        enabled: true,
        headers: { Authorization: 'Bearer of the backend' },
        forwardHeaders: ['X-Tenant'],
        hostMode: 'upstream',
        timeouts: { connectMs: 1000, readMs: 1000, sendMs: 1000 },
        license: '',
        stars: 0,
        metadata: {},
      }),
  };
  beforeEach(async () => {
    folder = createDataDir();
    await on.start();
  });
  afterEach(async () => {
    await on.app.close();
    folder.remove();
  });
  return on;
}
