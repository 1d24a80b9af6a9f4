import type { InstanceProbe } from '../../contract/index.ts';
import type { ServersDeps } from '../servers-deps.ts';

/** The change made to one server. */
export interface BatchResult {
  id: string;
  path: string;
  event: 'server.registered' | 'server.changed' | 'server.removed';
  isProgram: boolean;
  probes: InstanceProbe[];
}

/**
 * Applies a stored batch: writes access files, records probe results and emits one event per server, in one go so that they result in a single
 * publish. The events are also emitted when a file could not be written yet. Throws what writing throws.
 */
export async function enforceBatch(deps: ServersDeps, results: readonly BatchResult[]): Promise<void> {
  const failures: unknown[] = [];
  for (const { id } of results) await deps.accessFiles.writeServer(id).catch((error: unknown) => failures.push(error));
  for (const { id, probes } of results)
    if (probes.length > 0) {
      const stored = await deps.store.servers.byId(id);
      if (stored !== undefined)
        await deps.health.record(stored, probes).catch((error: unknown) => failures.push(error));
    }
  for (const { event, id: serverId, path } of results) deps.events.emit(event, { serverId, path });
  if (failures.length > 0) throw failures[0];
}
