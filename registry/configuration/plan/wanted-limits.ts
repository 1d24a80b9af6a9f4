import type { AgentLimits, ServerLimits } from '../../contract/index.ts';
import type { Current, Wanted } from './create-plan.ts';

const NO_LIMITS: AgentLimits = { zone: 'UTC', rules: [] };

interface LimitsOptions {
  source: string;
  replaces: boolean;
  /** The limits of a new item, and those that replace limits that a configuration no longer defines. */
  initial?: AgentLimits;
}

/**
 * Items with their desired limits: those of the document, otherwise those set through the API. Limits that a configuration no longer defines are
 * removed, like everything that it no longer defines; with `replaces`, all limits that the document does not define are removed.
 */
export function decideLimits<Item extends { limits?: ServerLimits | undefined }>(
  items: ReadonlyMap<string, Item>,
  current: Current<Item>,
  { source, replaces, initial = NO_LIMITS }: LimitsOptions,
): Map<string, Wanted<Item>> {
  return new Map(
    [...items].map(([name, item]): [string, Wanted<Item>] => {
      const existing = current.get(name);
      if (item.limits !== undefined) return [name, { item, limitsBy: source }];
      if (replaces) return [name, { item: { ...item, limits: NO_LIMITS }, limitsBy: '' }];
      const limitsOfNew = initial.rules.length > 0 ? initial : undefined;
      const limits = existing === undefined ? limitsOfNew : existing.limitsBy === '' ? existing.item.limits : initial;
      return [name, { item: { ...item, limits }, limitsBy: '' }];
    }),
  );
}
