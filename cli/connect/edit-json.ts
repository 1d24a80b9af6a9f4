import { applyEdits, modify, type FormattingOptions } from 'jsonc-parser';
import { isRecord, ownMember } from '@mcpgw/registry/contract';
import { CliError } from '../program/cli-error.ts';
import { readDocument } from './read-document.ts';

type Path = (string | number)[];
type Json = Record<string, unknown>;

function formatOf(text: string): FormattingOptions {
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

function set(text: string, path: Path, value: unknown): string {
  return applyEdits(text, modify(text, path, value, { formattingOptions: formatOf(text) }));
}

/** Adds `wanted` to the text: an object member by member, a list item by item, a plain value where there is none. Comments and all else stay. */
export function addJson(text: string, wanted: Json, file: string): string {
  let edited = text.trim() === '' ? '{}\n' : text;
  const before = readDocument('json', edited, file);
  for (const [name, value] of Object.entries(wanted)) {
    const had = ownMember(before, name);
    if (isRecord(value) && (had === undefined || isRecord(had)))
      for (const [member, content] of Object.entries(value)) edited = set(edited, [name, member], content);
    else if (Array.isArray(value) && (had === undefined || Array.isArray(had))) {
      const known = new Set(
        (had ?? []).map((item: unknown) => JSON.stringify(isRecord(item) ? (item['id'] ?? item) : item)),
      );
      const added = value.filter(
        (item: unknown) => !known.has(JSON.stringify(isRecord(item) ? (item['id'] ?? item) : item)),
      );
      if (added.length > 0) edited = set(edited, [name], [...((had ?? []) as unknown[]), ...(added as unknown[])]);
    } else if (had === undefined) edited = set(edited, [name], value);
    else if (isRecord(value) || Array.isArray(value))
      throw new CliError(`${file}: ${name} is something else than the client expects`, {
        hint: 'Correct it first: it is not written over.',
      });
  }
  return edited;
}

/** Removes members by path; what is not there is no error. */
export function removeJson(text: string, paths: readonly Path[], file: string): string {
  readDocument('json', text, file);
  return paths.reduce((edited, path) => set(edited, path, undefined), text);
}
