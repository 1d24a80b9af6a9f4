import { createHash } from 'node:crypto';
import type { ListedTool, VisibleServer } from './visible.ts';

/** A tool under the name that it has beside those of other servers. */
export interface NamedTool {
  name: string;
  server: VisibleServer;
  tool: ListedTool;
}

/** Clients refuse longer names. */
const MAX_LENGTH = 64;
const HASH_LENGTH = 6;
const SEPARATOR = '__';

const clean = (text: string) => text.replace(/[^A-Za-z0-9_-]/g, '_');

function shorten(server: string, tool: string): string {
  const digest = createHash('sha256').update(`${server} ${tool}`).digest('hex').slice(0, HASH_LENGTH);
  const room = MAX_LENGTH - HASH_LENGTH - 1;
  const full = `${clean(server)}${SEPARATOR}${clean(tool)}`;
  if (full.length <= room) return `${full}_${digest}`;
  // The tool says more than the server.
  const ofTool = clean(tool).slice(0, room - SEPARATOR.length - 8);
  const ofServer = clean(server).slice(0, room - SEPARATOR.length - ofTool.length);
  return `${ofServer}${SEPARATOR}${ofTool}_${digest}`;
}

/**
 * `server__tool` of letters, digits, `_` and `-`, at most 64 characters. A name that had to be changed for that ends with a hash of what it stands
 * for, so it depends on nothing else: not on other tools, nor on what the caller may see.
 */
export function nameTool(server: string, tool: string): string {
  const plain = `${server}${SEPARATOR}${tool}`;
  const isUnique = plain === clean(plain) && !server.includes(SEPARATOR) && plain.length <= MAX_LENGTH;
  return isUnique ? plain : shorten(server, tool);
}

/** All known tools of servers under these names. */
export function nameTools(servers: readonly VisibleServer[]): NamedTool[] {
  return servers.flatMap((server) =>
    (server.tools ?? []).map((tool) => ({ name: nameTool(server.server.path, tool.name), server, tool })),
  );
}
