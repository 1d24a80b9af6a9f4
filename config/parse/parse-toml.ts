import { parse, TomlError } from 'smol-toml';
import { ConfigError, type DocumentPath, type Position } from '../problem.ts';
import type { Parsed } from './parsed.ts';

const unquote = (part: string) => part.trim().replace(/^(["'])(.*)\1$/, '$2');

/** Names of a header or key, `a."b.c".d`. */
function splitKey(written: string): string[] {
  return [...written.matchAll(/"[^"]*"|'[^']*'|[^.\s]+/g)].map(([part]) => unquote(part));
}

/** Positions of headers and keys, each by its whole path joined with NUL; the parser does not report them. */
function indexLines(text: string): Map<string, Position> {
  const places = new Map<string, Position>();
  let table: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const header = /^\s*\[\[?([^\]]+)\]\]?\s*(#.*)?$/.exec(line)?.[1];
    const key = header === undefined ? /^\s*([A-Za-z0-9_."'-]+)\s*=/.exec(line)?.[1] : undefined;
    if (header !== undefined) table = splitKey(header);
    if (header === undefined && key === undefined) continue;
    const path = key === undefined ? table : [...table, ...splitKey(key)];
    const place = path.join('\0');
    if (!places.has(place)) places.set(place, { line: index + 1, column: line.search(/\S/) + 1 });
  }
  return places;
}

/** Parses TOML, the format of Codex. Throws ConfigError. */
export function parseToml(file: string, text: string): Parsed {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const message = (error.message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '');
    throw new ConfigError(file, [{ field: '', message, line: error.line, column: error.column }]);
  }
  const places = indexLines(text);
  return {
    value,
    locate(path: DocumentPath) {
      for (let length = path.length; length > 0; length -= 1) {
        const place = places.get(path.slice(0, length).join('\0'));
        if (place !== undefined) return place;
      }
      return null;
    },
  };
}
