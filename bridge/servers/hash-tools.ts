import { createHash } from 'node:crypto';

/** Hash of a list of tools, in hex. */
export function hashTools(tools: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(tools)).digest('hex');
}
