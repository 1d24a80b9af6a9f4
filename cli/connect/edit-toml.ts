import { isDeepStrictEqual } from 'node:util';
import { parse, patch } from '@decimalturn/toml-patch';
import { isRecord, ownMember } from '@mcpgw/registry/contract';
import { CliError } from '../program/cli-error.ts';
import { readDocument } from './read-document.ts';

type Table = Record<string, unknown>;

/** The file as the editor holds it, with dates in its form. Throws CliError with the place of what is wrong. */
function openTable(text: string, file: string): Table {
  readDocument('toml', text, file);
  try {
    return parse(text) as Table;
  } catch (error) {
    throw new CliError(`${file}: ${(error as Error).message}`, { hint: 'Add the lines of "--print" by hand.' });
  }
}

/** Makes the text say `after`, with comments and all else as it was. Throws CliError where the edited text would say something else. */
function write(text: string, after: Table, file: string): string {
  const edited = text.trim() === '' ? patch('', after) : patch(text, after);
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(parse(edited))), JSON.parse(JSON.stringify(after))))
    throw new CliError(`${file} cannot be edited without changing something else`, {
      hint: 'Add the lines of "--print" by hand.',
    });
  return edited;
}

/** Adds the tables of `wanted`, replacing those of the same name. */
export function addToml(text: string, wanted: Table, file: string): string {
  const before = openTable(text, file);
  const after = { ...before };
  for (const [name, value] of Object.entries(wanted)) {
    const had = ownMember(before, name);
    after[name] = isRecord(value) && isRecord(had) ? { ...had, ...value } : value;
  }
  return write(text, after, file);
}

/** Removes tables by path; what is not there is no error. */
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
