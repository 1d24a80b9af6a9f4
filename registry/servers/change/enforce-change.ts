import type { ServersDeps } from '../servers-deps.ts';

/**
 * Applies a stored change of a server: writes its access file, then runs `record`, then `emit`. The event is emitted even when the access file
 * could not be written: the change is stored, so it must be published, and repeating the request would change nothing.
 * Throws what writing throws.
 */
export async function enforceChange(
  deps: Pick<ServersDeps, 'accessFiles'>,
  id: string,
  emit: () => void,
  record: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  try {
    await deps.accessFiles.writeServer(id);
    await record();
  } finally {
    emit();
  }
}
