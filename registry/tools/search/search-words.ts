import type { Tool } from '../../contract/index.ts';
import type { SearchText, StoredServer } from '../../store/index.ts';

const MAX_DESCRIPTION = 4_000;
const MAX_WORDS = 12;
const MAX_WORD = 64;

function splitCamel(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1 $2');
}

/** The words of a server by which its tools are found. */
export function serverWords(server: Pick<StoredServer, 'path' | 'name' | 'tags'>): Pick<SearchText, 'server' | 'tags'> {
  return { server: `${server.path} ${server.name}`, tags: server.tags.join(' ') };
}

/** The words by which a tool is found; `getWeather` is found as "weather" too. */
export function indexWords(tool: Tool, server: StoredServer): SearchText {
  const split = splitCamel(tool.name);
  return {
    name: split === tool.name ? tool.name : `${tool.name} ${split}`,
    title: tool.title ?? '',
    description: (tool.description ?? '').slice(0, MAX_DESCRIPTION),
    ...serverWords(server),
  };
}

/** The words of a query: letters and digits only, so that nothing of it is syntax of the index. */
export function queryWords(query: string): string[] {
  const words = query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(words.map((word) => word.slice(0, MAX_WORD)))].slice(0, MAX_WORDS);
}
