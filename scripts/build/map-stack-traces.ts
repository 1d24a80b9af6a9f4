import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findOrigins } from './find-origins.ts';

// Part of every built program: stack traces name the source. Node's own --enable-source-maps reads the map at the start (0.1 s) and holds 17 MB
// of it in the registry. This one reads the map only for a new place: Node itself formats the stack of every failed connection.
const program = import.meta.filename;
const MAX_PLACES = 2_000;
/** Place of the program as `line:column` → place in its source; empty if it has none. */
const places = new Map<string, string>();

interface Place {
  line: number;
  column: number;
}

const keyOf = ({ line, column }: Place) => `${line}:${column}`;

function readPlaces(unknown: readonly Place[]): void {
  const map = JSON.parse(readFileSync(`${program}.map`, 'utf8')) as { mappings: string; sources: string[] };
  const origins = findOrigins(
    map,
    unknown.map(({ line, column }) => ({ line: line - 1, column: column - 1 })),
  );
  if (places.size + unknown.length > MAX_PLACES) places.clear();
  for (const [index, place] of unknown.entries()) {
    const origin = origins[index];
    // Packages have no mappings of their own (bundle-programs.ts).
    const isOwn = origin !== undefined && /\.ts$/.test(origin.source);
    const source = isOwn ? relative(process.cwd(), resolve(dirname(program), origin.source)) : '';
    places.set(keyOf(place), isOwn ? `${source}:${origin.line + 1}:${origin.column + 1}` : '');
  }
}

function placeOf(frame: NodeJS.CallSite): Place | null {
  const [file, line, column] = [frame.getFileName() ?? null, frame.getLineNumber(), frame.getColumnNumber()];
  if (file === null || line === null || column === null) return null;
  return (file.startsWith('file:') ? fileURLToPath(file) : file) === program ? { line, column } : null;
}

/** Never throws: it runs wherever a stack is read. */
function showFrames(frames: readonly NodeJS.CallSite[]): string[] {
  // A CallSite has toString, which its type does not declare.
  const shown = frames.map((frame) => (frame as { toString(): string }).toString());
  try {
    const here = frames.map(placeOf);
    const unknown = here.filter((place) => place !== null && !places.has(keyOf(place))) as Place[];
    if (unknown.length > 0) readPlaces(unknown);
    return shown.map((text, index) => {
      const at = here[index];
      const place = at ? places.get(keyOf(at)) : '';
      return place ? text.replace(/(file:\/\/)?\/[^()]*:\d+:\d+/, place) : text;
    });
  } catch {
    return shown;
  }
}

Error.prepareStackTrace = (error, frames) =>
  [String(error), ...showFrames(frames).map((shown) => `    at ${shown}`)].join('\n');
