import { toServerPath } from './name-path.ts';
import { readClientEntry } from './read-client-entry.ts';

/** Converts a named entry of a client's file to the path and input of a server; or returns why it cannot be one. */
export function readClientServer(
  name: string,
  entry: Record<string, unknown>,
): { path: string; server: Record<string, unknown> } | { reason: string } {
  const path = toServerPath(name);
  if (path === null) return { reason: `${JSON.stringify(name)} cannot be the path of a server` };
  const read = readClientEntry(entry, () => undefined);
  if ('reason' in read) return read;
  return { path, server: { ...(path !== name && { name }), ...read.server } };
}
