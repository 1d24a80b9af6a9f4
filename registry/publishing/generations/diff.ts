import { FILE_HEADERS_ONLY, formatPatch, structuredPatch, type StructuredPatch } from 'diff';
import type { Rendering } from '../plan/route-plan.ts';

const CONTEXT_LINES = 3;
/** The exact diff takes time quadratic in its edits: beyond this number the differing part is shown as replaced. */
const MAX_EDITS = 2_000;

type Hunk = StructuredPatch['hunks'][number];

function splitLines(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

/** One hunk that replaces all lines between the first and the last that differ. */
function replaceWhole(before: readonly string[], after: readonly string[]): Hunk {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const from = Math.max(0, head - CONTEXT_LINES);
  const sharedTail = Math.max(0, tail - CONTEXT_LINES);
  const mark = (sign: string, lines: readonly string[]) => lines.map((line) => sign + line);
  return {
    oldStart: from + 1,
    newStart: from + 1,
    oldLines: before.length - sharedTail - from,
    newLines: after.length - sharedTail - from,
    lines: [
      ...mark(' ', before.slice(from, head)),
      ...mark('-', before.slice(head, before.length - tail)),
      ...mark('+', after.slice(head, after.length - tail)),
      ...mark(' ', after.slice(after.length - tail, after.length - sharedTail)),
    ],
  };
}

/** The files in which two renderings differ, each with its unified diff (three lines of context); empty when they are equal. */
export function diffRenderings(before: Rendering, after: Rendering): { name: string; diff: string }[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const [old, now] = [before[name], after[name]];
    if (old === now) return [];
    const oldFileName = old === undefined ? '/dev/null' : `a/${name}`;
    const newFileName = now === undefined ? '/dev/null' : `b/${name}`;
    const [oldText, newText] = [old ?? '', now ?? ''];
    const options = { context: CONTEXT_LINES, maxEditLength: MAX_EDITS };
    const patch = structuredPatch(oldFileName, newFileName, oldText, newText, undefined, undefined, options) ?? {
      ...{ oldFileName, newFileName, oldHeader: undefined, newHeader: undefined },
      hunks: [replaceWhole(splitLines(oldText), splitLines(newText))],
    };
    return [{ name, diff: formatPatch(patch, FILE_HEADERS_ONLY) }];
  });
}
