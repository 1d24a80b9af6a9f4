import type { CallLogLine } from '../../contract/index.ts';
import { bucketOf } from './histogram.ts';
import { createLinePattern, parseCall } from './parse-call.ts';

/** Lines of one minute that are equal except for the members that differ from call to call: same agent, server, tools, status, verdict. */
export interface CallGroup {
  /** One of them. */
  call: CallLogLine;
  lines: number;
  /** Time of the last, epoch milliseconds. */
  lastMs: number;
  /** How many lines fell into each bucket of durations (`histogram.ts`). */
  buckets: Map<number, number>;
}

export interface Grouped {
  groups: CallGroup[];
  /** Lines that could not be parsed. */
  broken: number;
}

const { regExp, timeGroup, durationGroup, sameGroups } = createLinePattern();

/** Collects groups of lines. */
export interface CallGrouping {
  /** Adds whole lines, each with its end. Never throws: a line may contain anything. */
  add(piece: Buffer): void;
  result(): Grouped;
}

/**
 * Counts equal lines as one group: only the first of a group is parsed, since under load the registry shares its processor with NGINX and
 * nearly all lines are alike. Times after `nowMs` count as now, lines before `oldestMs` not at all.
 */
export function createCallGrouping(nowMs: number, oldestMs: number): CallGrouping {
  const groups = new Map<string, CallGroup | null>();
  let broken = 0;

  function count(group: CallGroup, atMs: number, durationMs: number): void {
    const bucket = bucketOf(durationMs);
    group.lines += 1;
    group.lastMs = Math.max(group.lastMs, atMs);
    group.buckets.set(bucket, (group.buckets.get(bucket) ?? 0) + 1);
  }

  function open(key: string, line: Buffer): CallGroup | null {
    const call = parseCall(line);
    const group = call === null ? null : { call, lines: 0, lastMs: 0, buckets: new Map<number, number>() };
    groups.set(key, group);
    return group;
  }

  return {
    add(piece) {
      // One character for each byte: lines are compared as they were written, and the first of a group is parsed as UTF-8.
      const text = piece.toString('latin1');
      for (let start = 0; start < text.length;) {
        regExp.lastIndex = start;
        const match = regExp.exec(text);
        const end = match === null ? text.indexOf('\n', start) + 1 : regExp.lastIndex;
        const line = piece.subarray(start, end - 1);
        start = end;
        let group: CallGroup | null | undefined;
        let [writtenMs, durationMs] = [0, 0];
        if (match === null) {
          if (line.length === 0) continue;
          group = open(`unusual ${piece.byteOffset} ${end}`, line);
          [writtenMs, durationMs] = [Math.round((group?.call.time ?? 0) * 1_000), group?.call.durationMs ?? 0];
        } else {
          [writtenMs, durationMs] = [Math.round(Number(match[timeGroup]) * 1_000), Number(match[durationGroup])];
          let key = `${Math.floor(Math.min(writtenMs, nowMs) / 60_000)}`;
          for (const same of sameGroups) key += ` ${match[same] ?? ''}`;
          group = groups.get(key);
          if (group === undefined) group = open(key, line);
        }
        if (group === null) broken += 1;
        else if (writtenMs >= oldestMs) count(group, Math.min(writtenMs, nowMs), durationMs);
      }
    },
    result: () => ({
      groups: [...groups.values()].filter((group) => group !== null && group.lines > 0) as CallGroup[],
      broken,
    }),
  };
}
