import type { DocumentPath, Position } from '../problem.ts';

/** A parsed document, and the positions of its parts. */
export interface Parsed {
  value: unknown;
  /** Position of the member or item, else of its nearest existing parent; null: no part of the path exists. */
  locate(path: DocumentPath): Position | null;
}

/** Creates a function that turns offsets of a text into lines and columns, both from 1. */
export function createLineCounter(text: string): (offset: number) => Position {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
