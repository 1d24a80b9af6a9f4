import type { Rendering } from '../plan/route-plan.ts';

type Step = { kind: ' ' | '-' | '+'; line: string };

/** Lengths of the longest common subsequences, by Myers' greedy search for the shortest edit script (An O(ND) Difference Algorithm, 1986). */
function compareLines(before: readonly string[], after: readonly string[]): Step[] {
  const most = before.length + after.length;
  const offset = most + 1;
  const reach = new Int32Array(2 * most + 3);
  const trace: Int32Array[] = [];
  search: for (let edits = 0; edits <= most; edits += 1) {
    trace.push(reach.slice(offset - edits - 1, offset + edits + 2));
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && at(reach, offset + k - 1) < at(reach, offset + k + 1));
      let x = down ? at(reach, offset + k + 1) : at(reach, offset + k - 1) + 1;
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x += 1;
      reach[offset + k] = x;
      if (x >= before.length && x - k >= after.length) break search;
    }
  }
  return walkBack(before, after, trace);
}

function at(values: Int32Array, index: number): number {
  return values[index] ?? 0;
}

function walkBack(before: readonly string[], after: readonly string[], trace: readonly Int32Array[]): Step[] {
  const steps: Step[] = [];
  let [x, y] = [before.length, after.length];
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const reach = trace[edits] ?? new Int32Array();
    const read = (k: number) => at(reach, k + edits + 1);
    const k = x - y;
    const down = k === -edits || (k !== edits && read(k - 1) < read(k + 1));
    const previous = down ? k + 1 : k - 1;
    const [fromX, fromY] = [read(previous), read(previous) - previous];
    while (x > fromX && y > fromY && x > 0 && y > 0) {
      x -= 1;
      y -= 1;
      steps.push({ kind: ' ', line: before[x] ?? '' });
    }
    if (edits === 0) break;
    if (down) steps.push({ kind: '+', line: after[--y] ?? '' });
    else steps.push({ kind: '-', line: before[--x] ?? '' });
  }
  return steps.reverse();
}

function writeHunks(steps: readonly Step[], context: number): string[] {
  const lines: string[] = [];
  let [oldLine, newLine] = [1, 1];
  const positions = steps.map((step) => {
    const position = { oldLine, newLine };
    if (step.kind !== '+') oldLine += 1;
    if (step.kind !== '-') newLine += 1;
    return position;
  });
  let index = 0;
  while (index < steps.length) {
    const first = steps.findIndex((step, i) => i >= index && step.kind !== ' ');
    if (first === -1) break;
    const from = Math.max(index, first - context);
    let to = first;
    for (let i = first; i < steps.length && i <= to + 2 * context; i += 1) if (steps[i]?.kind !== ' ') to = i;
    to = Math.min(steps.length - 1, to + context);
    const hunk = steps.slice(from, to + 1);
    const size = (kind: '-' | '+') => hunk.filter((step) => step.kind === ' ' || step.kind === kind).length;
    const start = positions[from] ?? { oldLine: 1, newLine: 1 };
    const [oldSize, newSize] = [size('-'), size('+')];
    lines.push(
      `@@ -${oldSize === 0 ? start.oldLine - 1 : start.oldLine},${oldSize} +${newSize === 0 ? start.newLine - 1 : start.newLine},${newSize} @@`,
      ...hunk.map(({ kind, line }) => kind + line),
    );
    index = to + 1;
  }
  return lines;
}

function splitLines(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

function cutEnds(before: readonly string[], after: readonly string[]): [number, number] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return [head, tail];
}

/** Beyond this many lines that differ the middle is shown as replaced whole: the exact script would cost time by the square of it. */
const MOST_LINES = 4_000;

function diffLines(before: readonly string[], after: readonly string[]): Step[] {
  const [head, tail] = cutEnds(before, after);
  const middle: [string[], string[]] = [
    before.slice(head, before.length - tail),
    after.slice(head, after.length - tail),
  ];
  const same = (lines: readonly string[]) => lines.map((line): Step => ({ kind: ' ', line }));
  const changed =
    middle[0].length + middle[1].length > MOST_LINES
      ? [
          ...middle[0].map((line): Step => ({ kind: '-', line })),
          ...middle[1].map((line): Step => ({ kind: '+', line })),
        ]
      : compareLines(...middle);
  return [...same(before.slice(0, head)), ...changed, ...same(before.slice(before.length - tail))];
}

/** The files in which two renderings differ, each with its unified diff (three lines of context); empty when they are equal. */
export function diffRenderings(before: Rendering, after: Rendering): { name: string; diff: string }[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const [old, now] = [before[name], after[name]];
    if (old === now) return [];
    const head = [
      `--- ${old === undefined ? '/dev/null' : `a/${name}`}`,
      `+++ ${now === undefined ? '/dev/null' : `b/${name}`}`,
    ];
    const hunks = writeHunks(diffLines(splitLines(old ?? ''), splitLines(now ?? '')), 3);
    return [{ name, diff: `${[...head, ...hunks].join('\n')}\n` }];
  });
}
