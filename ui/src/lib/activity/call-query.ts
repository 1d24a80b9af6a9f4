import type { StatsRange } from '@mcpgw/registry/contract';
import type { CallQuery } from '../api/activity-api.ts';

/** Parameters of the URL that filter calls. */
export const CALL_PARAMETERS = [
  'agent',
  'server',
  'tool',
  'verdict',
  'status',
  'toolError',
  'minMs',
  'trace',
  'requestId',
] as const;
const RANGES = ['hour', 'day', 'week'] as const;
const RANGE_MS: Record<StatsRange, number> = { hour: 3_600_000, day: 86_400_000, week: 604_800_000 };

/** The range of the page, from its URL. */
export function readRange(query: URLSearchParams): StatsRange {
  return RANGES.find((range) => range === query.get('range')) ?? 'hour';
}

/** The filter in the page's URL. Without an explicit time, the range defines how far back it goes. */
export function readCallQuery(query: URLSearchParams, nowMs: number): CallQuery {
  const found: Record<string, string> = {};
  for (const name of CALL_PARAMETERS) {
    const value = query.get(name);
    if (value !== null && value !== '') found[name] = value;
  }
  const from = query.get('from');
  const to = query.get('to');
  const { minMs, ...rest } = found;
  return {
    ...(rest as Omit<CallQuery, 'minMs'>),
    ...(minMs !== undefined && { minMs: Number(minMs) }),
    from: from ?? new Date(nowMs - RANGE_MS[readRange(query)]).toISOString(),
    ...(to !== null && { to }),
  };
}

/** The URL of the activity page with these parameters. */
export function activityHref(parameters: Record<string, string | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, value);
  return `/activity?${query.toString()}`;
}
