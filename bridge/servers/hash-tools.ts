import { createHash } from 'node:crypto';

/** What tells one list of tools from another, in hex. */
export function hashTools(tools: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(tools)).digest('hex');
}
