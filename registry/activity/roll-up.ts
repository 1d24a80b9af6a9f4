import type { CallLogLine } from '../contract/index.ts';
import type { CallCount, CallDuration } from '../store/call-rows.ts';
import { bucketOf } from './histogram.ts';

export const MINUTE_S = 60;
export const HOUR_S = 3_600;
/** Stands for names beyond the bounds. */
export const OTHER = '(other)';
/** The client went away; no fault of the server's (NGINX's own status). */
const CLIENT_CLOSED = 499;
const MAX_NAME = 128;

/** Whether this name may have rows of its own in the hour that begins at `hourS`. */
export type AdmitName = (hourS: number, kind: 'server' | 'agent' | 'tool', name: string) => boolean;

/** Adds up lines of calls.log into rows by minute and by hour. Times after `nowMs` count as now: a clock that jumped back leaves no future. */
export function rollUp(
  lines: readonly CallLogLine[],
  nowMs: number,
  admit: AdmitName,
): { counts: CallCount[]; durations: CallDuration[] } {
  const counts = new Map<string, CallCount>();
  const durations = new Map<string, CallDuration>();

  for (const line of lines) {
    const atMs = Math.min(Math.round(line.time * 1_000), nowMs);
    const hourS = Math.floor(atMs / 1_000 / HOUR_S) * HOUR_S;
    const named = (kind: 'server' | 'agent' | 'tool', name: string, scope = '') => {
      const short = name.slice(0, MAX_NAME);
      return short === '' || admit(hourS, kind, scope + short) ? short : OTHER;
    };
    const server = named('server', line.server ?? '');
    const agent = named('agent', line.agent ?? '');
    const isAllowed = line.verdict === 'allowed';
    const tools = line.tools.length === 0 ? [''] : isAllowed ? line.tools : line.tools.slice(0, 1);

    tools.forEach((written, position) => {
      const tool = named('tool', written, `${server}\n`);
      const isCall = isAllowed && written !== '';
      const failed = line.status >= (isCall ? 400 : 500) && line.status !== CLIENT_CLOSED;
      for (const stepS of [MINUTE_S, HOUR_S]) {
        const startS = Math.floor(atMs / 1_000 / stepS) * stepS;
        const key = JSON.stringify([stepS, startS, server, agent, tool, line.verdict]);
        let row = counts.get(key);
        if (row === undefined) {
          const place = { step_s: stepS, start_s: startS, server, agent, tool, verdict: line.verdict };
          row = { ...place, requests: 0, calls: 0, errors: 0, last_call_ms: 0 };
          counts.set(key, row);
        }
        row.requests += position === 0 ? 1 : 0;
        row.errors += isAllowed && failed ? 1 : 0;
        if (!isCall) continue;
        row.calls += 1;
        row.last_call_ms = Math.max(row.last_call_ms, atMs);
        const bucket = bucketOf(line.durationMs);
        const durationKey = JSON.stringify([stepS, startS, server, tool, bucket]);
        const duration = durations.get(durationKey);
        if (duration !== undefined) duration.count += 1;
        else durations.set(durationKey, { step_s: stepS, start_s: startS, server, tool, bucket, count: 1 });
      }
    });
  }
  return { counts: [...counts.values()], durations: [...durations.values()] };
}
