import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

// Part of every built program: stack traces name the source. Node's own --enable-source-maps reads the map at the start (0.1 s and 7 MB of the
// registry); this one at the first stack that is printed.
const program = import.meta.filename;
let map: SourceMap | null | undefined;

function loadMap(): SourceMap | null {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${program}.map`, 'utf8')) as SourceMapPayload);
  } catch {
    return null;
  }
}

function locate(frame: NodeJS.CallSite, shown: string): string {
  const [file, line, column] = [frame.getFileName() ?? null, frame.getLineNumber(), frame.getColumnNumber()];
  if (file === null || line === null || column === null) return shown;
  if ((file.startsWith('file:') ? fileURLToPath(file) : file) !== program) return shown;
  map ??= loadMap();
  const origin = map?.findEntry(line - 1, column - 1);
  // Packages have no mappings of their own (bundle-programs.ts).
  if (origin === undefined || !('originalSource' in origin) || !/\.ts$/.test(origin.originalSource)) return shown;
  const source = relative(process.cwd(), resolve(dirname(program), origin.originalSource));
  const place = `${source}:${origin.originalLine + 1}:${origin.originalColumn + 1}`;
  return shown.replace(/(file:\/\/)?\/[^()]*:\d+:\d+/, place);
}

/** Never throws: it runs wherever a stack is read. */
function showFrame(frame: NodeJS.CallSite): string {
  // A CallSite describes itself, which its type does not say.
  const shown = (frame as { toString(): string }).toString();
  try {
    return locate(frame, shown);
  } catch {
    return shown;
  }
}

Error.prepareStackTrace = (error, frames) =>
  [String(error), ...frames.map((frame) => `    at ${showFrame(frame)}`)].join('\n');
