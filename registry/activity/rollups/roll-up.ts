import type { CallCount, CallDuration } from '../../store/index.ts';
import type { CallGroup } from './group-calls.ts';

export const MINUTE_S = 60;
export const HOUR_S = 3_600;
/** Replaces names beyond the cardinality limit. */
export const OTHER = '(other)';
/** The client closed the connection (NGINX's own status): not an error of the server. */
const CLIENT_CLOSED = 499;
const MAX_NAME = 128;

/** Whether this name may have its own rows in the hour that begins at `hourS`. */
export type IsWithinLimit = (hourS: number, kind: 'server' | 'agent' | 'tool', name: string) => boolean;

/** Sums calls up into rows by minute and by hour. */
export function rollUp(
  groups: readonly CallGroup[],
  isWithinLimit: IsWithinLimit,
): { counts: CallCount[]; durations: CallDuration[] } {
  const counts = new Map<string, CallCount>();
  const durations = new Map<string, CallDuration>();

  for (const { call, lines, lastMs, buckets } of groups) {
    const hourS = Math.floor(lastMs / 1_000 / HOUR_S) * HOUR_S;
    const named = (kind: 'server' | 'agent' | 'tool', name: string, scope = '') => {
      const short = name.slice(0, MAX_NAME);
      return short === '' || isWithinLimit(hourS, kind, scope + short) ? short : OTHER;
    };
    const server = named('server', call.server ?? '');
    const agent = named('agent', call.agent ?? '');
    const isAllowed = call.verdict === 'allowed';
    const tools = call.tools.length === 0 ? [''] : isAllowed ? call.tools : call.tools.slice(0, 1);

    tools.forEach((written, position) => {
      const tool = named('tool', written, `${server}\n`);
      const isCall = isAllowed && written !== '';
      const failed = call.status >= (isCall ? 400 : 500) && call.status !== CLIENT_CLOSED;
      for (const stepS of [MINUTE_S, HOUR_S]) {
        const startS = Math.floor(lastMs / 1_000 / stepS) * stepS;
        const key = JSON.stringify([stepS, startS, server, agent, tool, call.verdict]);
        let row = counts.get(key);
        if (row === undefined) {
          const place = { step_s: stepS, start_s: startS, server, agent, tool, verdict: call.verdict };
          row = { ...place, requests: 0, calls: 0, errors: 0, tool_errors: 0, last_call_ms: 0 };
          counts.set(key, row);
        }
        row.requests += position === 0 ? lines : 0;
        row.errors += isAllowed && failed ? lines : 0;
        if (!isCall) continue;
        row.calls += lines;
        row.tool_errors += call.toolError === true ? lines : 0;
        row.last_call_ms = Math.max(row.last_call_ms, lastMs);
        for (const [bucket, count] of buckets) {
          const durationKey = JSON.stringify([stepS, startS, server, tool, bucket]);
          const duration = durations.get(durationKey);
          if (duration !== undefined) duration.count += count;
          else durations.set(durationKey, { step_s: stepS, start_s: startS, server, tool, bucket, count });
        }
      }
    });
  }
  return { counts: [...counts.values()], durations: [...durations.values()] };
}
