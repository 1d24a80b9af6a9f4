import { RegistryError } from '../lib/errors.ts';

/** Throws `conflict` for a server or agent that comes from a configuration: what the API changed, the next apply would undo. */
export function rejectManaged(what: string, { managedBy }: { managedBy?: string | undefined }): void {
  if (managedBy === undefined) return;
  throw new RegistryError('conflict', `${what} is managed by the configuration "${managedBy}" and is changed there`, {
    hint: 'Change it in that file, or take it over: POST /api/config/take-over. A kill switch (POST /api/kill) stops it at once.',
  });
}
