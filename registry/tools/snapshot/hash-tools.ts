import { createHash } from 'node:crypto';
import type { Tool } from '../../contract/index.ts';
import { toCanonicalJson } from './canonical-json.ts';

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** The content hash of a whole definition including its name. */
export function hashTool(tool: Tool): string {
  return hash(toCanonicalJson(tool));
}

/** The content hash of a definition without its name: equal for a tool that was only renamed. */
export function hashBody({ name: _, ...body }: Tool): string {
  return hash(toCanonicalJson(body));
}

/** The content hash of a list, from the hashes of its tools by name; the order of the list does not matter. */
export function hashList(hashes: ReadonlyMap<string, string>): string {
  const lines = [...hashes].sort(([a], [b]) => (a < b ? -1 : 1)).map((pair) => JSON.stringify(pair));
  return hash(lines.join('\n'));
}

/** The content hash of a list of tools. */
export function hashTools(tools: readonly Tool[]): string {
  return hashList(new Map(tools.map((tool) => [tool.name, hashTool(tool)])));
}
