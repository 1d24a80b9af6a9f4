import { noServerAt } from '../lib/errors.ts';
import type { Rows } from './rows/rows.ts';
import type { StoredServer } from './rows/servers/server-rows.ts';

/** The server at `path`, inside or outside of a transaction. Throws RegistryError `not_found`. */
export async function requireServer(
  rows: { servers: Pick<Rows['servers'], 'byPath'> },
  path: string,
): Promise<StoredServer> {
  const server = await rows.servers.byPath(path);
  if (server === undefined) throw noServerAt(path);
  return server;
}
