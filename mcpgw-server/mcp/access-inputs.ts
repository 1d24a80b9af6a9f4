import { z } from 'zod';
import { ToolError } from '../tool-error.ts';

/** Grants as in the REST API, which reports invalid members. */
export const grantsInput = z
  .array(z.looseObject({ server: z.string() }))
  .max(1000)
  .describe(
    'Replaces the grants: {server, tools?, resources?, prompts?, effect: "deny"?, hours?, expiresAt?}. Names, "get_*", "!get_secret", "annotation:readOnly", "tag:x".',
  );
export const name = z.string().min(1).max(100).optional();
export const text = z.string().max(1000).optional();
export const moment = z.string().max(40).nullable().optional().describe('ISO 8601; null: never.');
export const pageOf = { limit: z.int().default(50), cursor: z.string().max(500).optional() };

/** An object of the REST API whose members the schema of a tool does not list. */
export const anything = z.looseObject({});
export const listOf = z.object({ items: z.array(anything), nextCursor: z.string().optional() });
/** The result of a tool with several actions. */
export const accessOutput = z.object({
  items: z.array(anything),
  key: z.string().optional().describe('The new key, shown only once.'),
  next_cursor: z.string().optional(),
});

/** The value of an argument that an action needs. Throws ToolError that names it. */
export function need<Value>(value: Value | undefined, argument: string, action: string): Value {
  if (value !== undefined) return value;
  throw new ToolError(`${argument} is missing`, `The action "${action}" needs ${argument}.`);
}

/** The members that are set, or undefined if there are none. */
export function given(members: Record<string, unknown>): Record<string, unknown> | undefined {
  const known = Object.entries(members).filter(([, value]) => value !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/** A page as the result of a tool. */
export function toPage({ items, nextCursor }: z.output<typeof listOf>, what: string) {
  const more = nextCursor === undefined ? '' : ` More: call again with cursor ${JSON.stringify(nextCursor)}.`;
  return {
    data: { items, ...(nextCursor !== undefined && { next_cursor: nextCursor }) },
    text: `${items.length} ${what}.${more}`,
  };
}
