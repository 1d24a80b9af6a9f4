import { applyEdits, modify, parse, printParseErrorCode, type FormattingOptions, type ParseError } from 'jsonc-parser';
import { CliError } from '../program/cli-error.ts';

type Path = (string | number)[];
type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function formatOf(text: string): FormattingOptions {
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

/** Parses JSON with comments and trailing commas. Throws CliError naming the line of what is wrong. */
export function readJson(text: string, file: string): Json {
  const errors: ParseError[] = [];
  const value: unknown = text.trim() === '' ? {} : parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first !== undefined)
    throw new CliError(
      `${file}, line ${text.slice(0, first.offset).split('\n').length}: ${printParseErrorCode(first.error)}`,
      {
        hint: 'Correct it first: it is not written over.',
      },
    );
  if (!isObject(value))
    throw new CliError(`${file} is not a JSON object`, { hint: 'Correct it first: it is not written over.' });
  return value;
}

function set(text: string, path: Path, value: unknown): string {
  return applyEdits(text, modify(text, path, value, { formattingOptions: formatOf(text) }));
}

/** Adds `wanted` to the text: an object member by member, a list item by item, a plain value where there is none. Comments and all else stay. */
export function addJson(text: string, wanted: Json, file: string): string {
  let edited = text.trim() === '' ? '{}\n' : text;
  const before = readJson(edited, file);
  for (const [name, value] of Object.entries(wanted)) {
    const had = before[name];
    if (isObject(value) && (had === undefined || isObject(had)))
      for (const [member, content] of Object.entries(value)) edited = set(edited, [name, member], content);
    else if (Array.isArray(value) && (had === undefined || Array.isArray(had))) {
      const known = new Set(
        (had ?? []).map((item: unknown) => JSON.stringify(isObject(item) ? (item['id'] ?? item) : item)),
      );
      const added = value.filter(
        (item: unknown) => !known.has(JSON.stringify(isObject(item) ? (item['id'] ?? item) : item)),
      );
      if (added.length > 0) edited = set(edited, [name], [...((had ?? []) as unknown[]), ...(added as unknown[])]);
    } else if (had === undefined) edited = set(edited, [name], value);
    else if (isObject(value) || Array.isArray(value))
      throw new CliError(`${file}: ${name} is something else than the client expects`, {
        hint: 'Correct it first: it is not written over.',
      });
  }
  return edited;
}

/** Removes members by path; what is not there is no error. */
export function removeJson(text: string, paths: readonly Path[], file: string): string {
  readJson(text, file);
  return paths.reduce((edited, path) => set(edited, path, undefined), text);
}
