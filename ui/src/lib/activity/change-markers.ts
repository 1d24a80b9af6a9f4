import type { AuditEntry } from '@mcpgw/registry/contract';
import { describeAction } from '../audit/describe-change.ts';
import { formatTime } from '../format/format.ts';

/** Changes within one step of a chart. */
export interface ChangeMarker {
  /** Index of the bar. */
  bar: number;
  label: string;
}

/** Changes to users, sessions and keys do not change how calls behave. */
const IRRELEVANT = /^(user|session|key)\./;
const MAX_NAMED = 3;

/** The steps of a chart that starts at `from` in which something was changed; one marker per step, oldest first. */
export function markChanges(
  entries: readonly AuditEntry[],
  { from, stepS, points }: { from: string; stepS: number; points: readonly unknown[] },
): ChangeMarker[] {
  const barOf = ({ at }: AuditEntry): number => Math.floor((Date.parse(at) - Date.parse(from)) / (stepS * 1_000));
  const shown = entries.filter((entry) => {
    const bar = barOf(entry);
    return bar >= 0 && bar < points.length && !IRRELEVANT.test(entry.action);
  });
  return [...Map.groupBy(shown, barOf)]
    .sort(([a], [b]) => a - b)
    .map(([bar, changes]) => {
      const named = changes
        .slice(0, MAX_NAMED)
        .map(
          ({ at, action, target, actor }) => `${formatTime(at)} ${describeAction(action)}: ${target}, by ${actor.name}`,
        );
      const rest = changes.length - named.length;
      return { bar, label: [...named, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ') };
    });
}
