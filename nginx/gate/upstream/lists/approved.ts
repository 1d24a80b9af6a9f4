import { platform } from 'platform/system';
import type { ServerRecord } from '../../access/records/index.ts';
import { canonicalizeTool } from './canonical-tool.ts';

/** Maximum number and total bytes of the cached definitions of a server: it may list different ones each time. */
const MAX_SEEN = 500;
const MAX_SEEN_BYTES = 2_097_152;

interface Seen {
  byDefinition: Record<string, string | false | undefined>;
  count: number;
  bytes: number;
}

function seenOf(server: ServerRecord): Seen {
  const before = server.derived.seen as Seen | undefined;
  if (before !== undefined) return before;
  const seen = { byDefinition: {}, count: 0, bytes: 0 };
  server.derived.seen = seen;
  return seen;
}

function judge(hash: string | undefined, definition: string): string | false {
  if (hash === undefined) return false;
  const tool = canonicalizeTool(definition);
  return tool !== undefined && platform.sha256Hex(tool.canonical) === hash ? tool.text : false;
}

/**
 * The part of a tool's definition that may reach an agent when a tool lock blocks: the members that were approved. Undefined: it is not the
 * approved definition. Cached with the server's record, since servers list the same definitions repeatedly.
 */
export function keepApproved(server: ServerRecord, name: string, definition: string): string | undefined {
  const { tools } = server;
  if (tools === undefined) return definition;
  const seen = seenOf(server);
  let approved = seen.byDefinition[definition];
  if (approved === undefined) {
    approved = judge(tools[name], definition);
    const bytes = seen.bytes + definition.length + (approved === false ? 0 : approved.length);
    if (seen.count < MAX_SEEN && bytes <= MAX_SEEN_BYTES) {
      seen.byDefinition[definition] = approved;
      seen.count += 1;
      seen.bytes = bytes;
    }
  }
  return approved === false ? undefined : approved;
}
