import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createClient, type Client } from './client.ts';
import { createDataDir, PASSWORD, startApp, type Started } from './start-app.ts';

export interface UsedApp {
  folder: ReturnType<typeof createDataDir>;
  app: Started;
  /** Logged in as the first administrator. */
  client: Client;
}

/**
 * Starts a registry in a new folder before the tests of the file, or before `each`, and ends it afterwards; `onStart` gets it.
 * Returns a function that starts it again on the same data.
 */
export function useApp(scope: 'file' | 'each', onStart: (used: UsedApp) => void): () => Promise<void> {
  let folder: UsedApp['folder'];
  let app: Started;
  const open = async () => {
    app = await startApp(folder.dataDir);
    const client = createClient(app.url);
    await client.logIn('admin', PASSWORD);
    onStart({ folder, app, client });
  };
  const start = () => {
    folder = createDataDir();
    return open();
  };
  const end = async () => {
    await app.close();
    folder.remove();
  };
  if (scope === 'file') {
    beforeAll(start);
    afterAll(end);
  } else {
    beforeEach(start);
    afterEach(end);
  }
  return async () => {
    await app.close();
    await open();
  };
}
