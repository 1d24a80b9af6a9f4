import { RegistryError } from '../lib/errors.ts';

/** Throws `conflict` for an object managed by a configuration: the next apply would revert a change. `what`: `the server "weather"`. */
export function rejectManaged(what: string, { managedBy }: { managedBy?: string | undefined }): void {
  if (managedBy === undefined) return;
  throw new RegistryError('conflict', `${what}: managed by the configuration "${managedBy}", and changed there`, {
    hint: 'Change it in that file, or take it over: POST /api/config/take-over. A kill switch (POST /api/kill) stops it at once.',
  });
}
