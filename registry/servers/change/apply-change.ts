import type { ServersDeps } from '../servers-deps.ts';

/**
 * What follows a stored change of a server: its access file is written, then `record` keeps what was seen of it, then `tell` sends the event. It
 * sends it also when the gate could not be told yet: the change is stored, so it is to be published, and who repeats it changes nothing.
 * Throws what writing throws.
 */
export async function enforceChange(
  deps: Pick<ServersDeps, 'accessFiles'>,
  id: string,
  tell: () => void,
  record: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  try {
    await deps.accessFiles.writeServer(id);
    await record();
  } finally {
    tell();
  }
}
