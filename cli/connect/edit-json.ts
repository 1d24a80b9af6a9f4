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

/** Adds `additions` to the text: an object member by member, a list item by item, a plain value if it is missing. Comments and everything else remain. */
export function addJson(text: string, additions: Json, file: string): string {
  let edited = text.trim() === '' ? '{}\n' : text;
  const before = readDocument('json', edited, file);
  for (const [name, value] of Object.entries(additions)) {
    const previous = ownMember(before, name);
    if (isRecord(value) && (previous === undefined || isRecord(previous)))
      for (const [member, content] of Object.entries(value)) edited = set(edited, [name, member], content);
    else if (Array.isArray(value) && (previous === undefined || Array.isArray(previous))) {
      const known = new Set(
        (previous ?? []).map((item: unknown) => JSON.stringify(isRecord(item) ? (item['id'] ?? item) : item)),
      );
      const added = value.filter(
        (item: unknown) => !known.has(JSON.stringify(isRecord(item) ? (item['id'] ?? item) : item)),
      );
      if (added.length > 0) edited = set(edited, [name], [...((previous ?? []) as unknown[]), ...(added as unknown[])]);
    } else if (previous === undefined) edited = set(edited, [name], value);
    else if (isRecord(value) || Array.isArray(value))
      throw new CliError(`${file}: ${name} does not have the type that the client expects`, {
        hint: 'Correct it first: it is not overwritten.',
      });
  }
  return edited;
}

/** Removes members by path; missing members are ignored. */
export function removeJson(text: string, paths: readonly Path[], file: string): string {
  readDocument('json', text, file);
  return paths.reduce((edited, path) => set(edited, path, undefined), text);
}
