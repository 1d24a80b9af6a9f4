const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUE_OF = new Int8Array(128).fill(-1);
for (let value = 0; value < DIGITS.length; value += 1) VALUE_OF[DIGITS.charCodeAt(value)] = value;
const [COMMA, SEMICOLON] = [',', ';'].map((mark) => mark.charCodeAt(0));

/** A place in a file; lines and columns begin with 0. */
export interface Position {
  line: number;
  column: number;
}

export interface Origin extends Position {
  source: string;
}

/**
 * Finds the origins of places of a built file: for each, the last segment of its line that does not begin after it (ECMA-426, "Mappings
 * structure"); undefined if there is none. One pass that stores nothing: the SourceMap of node:module holds an array for each of the 150,000
 * segments of the registry, 17 MB.
 */
export function findOrigins(
  { mappings, sources }: { mappings: string; sources: readonly string[] },
  places: readonly Position[],
): (Origin | undefined)[] {
  const found: (Origin | undefined)[] = places.map(() => undefined);
  const lastLine = Math.max(...places.map(({ line }) => line));
  const sums = [0, 0, 0, 0];
  let [line, field, value, shift] = [0, 0, 0, 0];
  const endSegment = () => {
    const [begins = 0, source = 0, sourceLine = 0, column = 0] = sums;
    // A segment of one field is code without an origin.
    const origin = field >= 4 ? { source: sources[source] ?? '', line: sourceLine, column } : undefined;
    if (field > 0)
      for (const [index, place] of places.entries())
        if (place.line === line && place.column >= begins) found[index] = origin;
    field = 0;
  };
  for (let at = 0; at < mappings.length && line <= lastLine; at += 1) {
    const code = mappings.charCodeAt(at);
    if (code === COMMA || code === SEMICOLON) {
      endSegment();
      if (code === SEMICOLON) {
        line += 1;
        sums[0] = 0;
      }
      continue;
    }
    const digit = VALUE_OF[code] ?? -1;
    value += (digit & 31) << shift;
    shift += 5;
    if ((digit & 32) !== 0) continue;
    if (field < 4) sums[field] = (sums[field] ?? 0) + ((value & 1) === 1 ? -(value >> 1) : value >> 1);
    field += 1;
    [value, shift] = [0, 0];
  }
  endSegment();
  return found;
}
