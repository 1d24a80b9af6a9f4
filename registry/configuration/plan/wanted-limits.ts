import type { AgentLimits, ServerLimits } from '../../contract/index.ts';
import type { Current, Wanted } from './make-plan.ts';

const NO_LIMITS: AgentLimits = { zone: 'UTC', rules: [] };

interface LimitsOptions {
  source: string;
  replaces: boolean;
  /** What a new item begins with, and what those become that a configuration gave and gives no more. */
  initial?: AgentLimits;
}

/**
 * Items with the limits that they shall have: those of the document, else those that the API set. Limits that a configuration gave and does not name
 * any more go, as everything that it no longer names; with `replaces` all go that the document does not give.
 */
export function decideLimits<Item extends { limits?: ServerLimits | undefined }>(
  items: ReadonlyMap<string, Item>,
  current: Current<Item>,
  { source, replaces, initial = NO_LIMITS }: LimitsOptions,
): Map<string, Wanted<Item>> {
  return new Map(
    [...items].map(([name, item]): [string, Wanted<Item>] => {
      const there = current.get(name);
      if (item.limits !== undefined) return [name, { item, limitsBy: source }];
      if (replaces) return [name, { item: { ...item, limits: NO_LIMITS }, limitsBy: '' }];
      const begins = initial.rules.length > 0 ? initial : undefined;
      const limits = there === undefined ? begins : there.limitsBy === '' ? there.item.limits : initial;
      return [name, { item: { ...item, limits }, limitsBy: '' }];
    }),
  );
}
