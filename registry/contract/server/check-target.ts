import type { z } from 'zod';
import { PROGRAM_FIELDS } from './program.ts';
import { isBridged, type Transport } from './transport.ts';

type Addressed = { transport: Transport } & Partial<
  Record<'instances' | 'url' | 'proxy_pass_url' | (typeof PROGRAM_FIELDS)[number], unknown>
>;

/** A server is at a URL or is a program; a command alone says which. */
export function checkTarget(input: Addressed, context: z.RefinementCtx): void {
  const issue = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
  const given = (['instances', 'url', 'proxy_pass_url'] as const).filter((field) => input[field] !== undefined);
  if (isBridged(input.transport) || (input.transport === 'auto' && input.command !== undefined)) {
    if (input.command === undefined) issue('command', 'a program is missing; give "command" and "args"');
    if (given[0] !== undefined) issue(given[0], 'a server with "command" has no URL; give one of both');
    return;
  }
  if (given.length === 0)
    issue('url', 'a URL is missing; give "url" (one instance), "instances", or "command" for a program');
  if (given.length > 1) issue(given[1] ?? 'url', `give only one of ${given.join(', ')}`);
  const extra = PROGRAM_FIELDS.find((field) => input[field] !== undefined);
  if (extra !== undefined) issue(extra, `"${extra}" belongs to a program; use "transport": "stdio"`);
}
