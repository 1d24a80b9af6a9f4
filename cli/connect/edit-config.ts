import { isRecord } from '@mcpgw/registry/contract';
import type { Format } from './client-files.ts';
import { addJson, removeJson } from './edit-json.ts';
import { addToml, removeToml } from './edit-toml.ts';
import { readDocument } from './read-document.ts';

export interface Edited {
  text: string;
  /** Path of each member that was written, so that it can be removed again. */
  added: string[][];
}

const members = (additions: Record<string, unknown>): string[][] =>
  Object.entries(additions).flatMap(([name, value]) =>
    isRecord(value) ? Object.keys(value).map((member) => [name, member]) : [],
  );

/** Adds a snippet to the text of a client's file. Throws CliError if the file cannot be parsed. */
export function addSnippet(format: Format, text: string, snippet: string, file: string): Edited {
  if (format === 'json') {
    const additions = readDocument('json', snippet, 'the snippet');
    return { text: addJson(text, additions, file), added: members(additions) };
  }
  if (format === 'toml') {
    const additions = readDocument('toml', snippet, 'the snippet');
    return { text: addToml(text, additions, file), added: members(additions) };
  }
  // Continue reads a folder of files: this one is written by us only.
  return { text: `${snippet}\n`, added: [] };
}

/** Removes what `addSnippet` added from a file that was changed since. Null: the whole file was written by `addSnippet`. */
export function removeSnippet(format: Format, text: string, added: readonly string[][], file: string): string | null {
  const paths = added.map((path) => [...path]);
  if (format === 'json') return removeJson(text, paths, file);
  return format === 'toml' ? removeToml(text, paths, file) : null;
}
