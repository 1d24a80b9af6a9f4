import { recording as schema, type Actor, type Recording } from '../../contract/index.ts';
import { requireServer, type Store } from '../../store/index.ts';
import type { AccessWriter } from '../files/access-writer.ts';

interface RecordingsOptions {
  store: Pick<Store, 'recordings' | 'servers' | 'change'>;
  files: Pick<AccessWriter, 'writeServer'>;
}

/** What is recorded of the calls of a server: only names, unless more is enabled. Both throw `not_found`. */
export function createRecordings({ store, files }: RecordingsOptions) {
  return {
    async get(path: string): Promise<Recording> {
      const { id } = await requireServer(store, path);
      return (await store.recordings.byServer(id)) ?? schema.parse({});
    },

    /** When the promise fulfils, the gate applies it. */
    async set(actor: Actor, path: string, recording: Recording): Promise<Recording> {
      const { value: id } = await store.change(actor, 'recording.changed', async (tx) => {
        const server = await requireServer(tx, path);
        const before = (await tx.recordings.byServer(server.id)) ?? schema.parse({});
        await tx.recordings.put(server.id, recording);
        return { value: server.id, target: path, before, after: recording };
      });
      await files.writeServer(id);
      return recording;
    },
  };
}
