import type { StatsView } from '@mcpgw/registry/contract';
import { pluralize } from '../format/format.ts';

type Point = StatsView['points'][number];

/** One bar of a chart of calls; heights are fractions of 1. */
export interface CallBar {
  at: string;
  /** When the step ends, ISO 8601. */
  to: string;
  succeeded: number;
  errors: number;
  refused: number;
  label: string;
}

const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
const dayTime = new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit' });

/** "14:05", with the weekday for steps of an hour. */
export function formatStep(iso: string, stepS: number): string {
  return (stepS < 3_600 ? time : dayTime).format(new Date(iso));
}

/** Splits the requests of a step by outcome. Refusals are not errors; a batch may count several errors in one request. */
function countOf({ requests, errors, refused }: Point): { succeeded: number; errors: number; refused: number } {
  const failed = Math.min(errors, Math.max(0, requests - refused));
  return { succeeded: Math.max(0, requests - refused - failed), errors: failed, refused };
}

/** The highest bar, a round number of requests, at least 1. */
export function findScale(points: readonly Point[]): number {
  const most = Math.max(1, ...points.map(({ requests }) => requests));
  const power = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((factor) => factor * power).find((scale) => scale >= most) ?? most;
}

/** The bars of a chart, oldest first. */
export function layOutBars({ points, stepS }: Pick<StatsView, 'points' | 'stepS'>): CallBar[] {
  const scale = findScale(points);
  return points.map((point) => {
    const counts = countOf(point);
    const toMs = Date.parse(point.at) + stepS * 1_000;
    return {
      at: point.at,
      to: new Date(toMs).toISOString(),
      succeeded: counts.succeeded / scale,
      errors: counts.errors / scale,
      refused: counts.refused / scale,
      label: `${formatStep(point.at, stepS)}: ${pluralize(point.requests, 'request')}, ${pluralize(counts.errors, 'error')}, ${pluralize(counts.refused, 'refusal')}`,
    };
  });
}
