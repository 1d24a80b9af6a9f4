import { isDeepStrictEqual } from 'node:util';
import { parse, patch } from '@decimalturn/toml-patch';
import { isRecord, ownMember } from '@mcpgw/registry/contract';
import { CliError } from '../program/cli-error.ts';
import { readDocument } from './read-document.ts';

type Table = Record<string, unknown>;

/** Parses the file with the editor, which has its own type for dates. Throws CliError with the position of the error. */
function openTable(text: string, file: string): Table {
  readDocument('toml', text, file);
  try {
    return parse(text) as Table;
  } catch (error) {
    throw new CliError(`${file}: ${(error as Error).message}`, { hint: 'Add the lines of "--print" by hand.' });
  }
}

/** Edits the text so that it contains `after`; comments and everything else remain. Throws CliError if the result would differ from `after`. */
function write(text: string, after: Table, file: string): string {
  const edited = text.trim() === '' ? patch('', after) : patch(text, after);
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(parse(edited))), JSON.parse(JSON.stringify(after))))
    throw new CliError(`${file} cannot be edited without changing something else`, {
      hint: 'Add the lines of "--print" by hand.',
    });
  return edited;
}

/** Adds the tables of `additions`, replacing those of the same name. */
export function addToml(text: string, additions: Table, file: string): string {
  const before = openTable(text, file);
  const after = { ...before };
  for (const [name, value] of Object.entries(additions)) {
    const previous = ownMember(before, name);
    after[name] = isRecord(value) && isRecord(previous) ? { ...previous, ...value } : value;
  }
  return write(text, after, file);
}

/** Removes tables by path; missing tables are ignored. */
export function removeToml(text: string, paths: readonly (string | number)[][], file: string): string {
  const after = structuredClone(openTable(text, file));
  for (const [name = '', member = ''] of paths) {
    const table = ownMember(after, String(name));
    if (!isRecord(table)) continue;
    Reflect.deleteProperty(table, member);
    if (Object.keys(table).length === 0) Reflect.deleteProperty(after, name);
  }
  return write(text, after, file);
}
