import { usageError } from './cli-error.ts';

const UNITS_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Converts a time from the command line to ISO 8601: a time with zone, a date (its start in UTC), or a duration (`90d`, `12h`) after now, or
 * before now with `direction` -1. Throws CliError naming `option`.
 */
export function readMoment(written: string, option: string, direction: 1 | -1, nowMs = Date.now()): string {
  const [, count, unit = ''] = /^(\d+)\s*([smhdw])$/.exec(written.trim()) ?? [];
  const isTime = /^\d{4}-\d{2}-\d{2}(T.*(Z|[+-]\d{2}:\d{2}))?$/.test(written.trim());
  const ms =
    count !== undefined
      ? nowMs + direction * Number(count) * (UNITS_MS[unit] ?? NaN)
      : isTime
        ? Date.parse(written)
        : NaN;
  const date = new Date(ms);
  if (Number.isNaN(date.getTime()))
    throw usageError(
      `${option}: ${JSON.stringify(written)} is not a time`,
      'Write a duration (90d, 12h, 30m), a date (2027-01-31) or a time with zone (2027-01-31T08:00:00Z).',
    );
  return date.toISOString();
}
