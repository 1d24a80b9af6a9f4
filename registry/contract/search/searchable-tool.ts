import { intentOfName, type Intent } from './intent.ts';
import { splitName, splitWords, stemOnce } from './words.ts';

/** The fields of a server that its tools are found by. */
export interface SearchableServer {
  path: string;
  name: string;
  tags: readonly string[];
}

/** The texts of a tool that are searched. */
export interface SearchableTool {
  name: string;
  title: string;
  /** The first sentence of the description. */
  summary: string;
  /** The rest of it. */
  description: string;
  /** Names of its arguments. */
  parameters: string;
  /** Path and name of its server. */
  server: string;
  tags: string;
}

/** A tool as an index stores it: the stems of its texts, each once, with their weights. A few hundred bytes. */
export interface ToolWords {
  stems: readonly string[];
  weights: readonly number[];
  /** Of these, the stems that name its server. */
  server: readonly string[];
  intent: Intent | undefined;
}

type Field = keyof SearchableTool;

/**
 * Weight of a word by field, its length normalisation (b of BM25F), and the usual number of words. That number is fixed: the weights of a tool must
 * not depend on the other tools, or each change would change all of them.
 */
const FIELDS: readonly [field: Field, weight: number, lengthNormalisation: number, usualLength: number][] = [
  ['name', 6, 0.3, 3],
  ['title', 4, 0.3, 3],
  ['tags', 2, 0.2, 2],
  ['server', 4, 0, 3],
  ['parameters', 1, 0.6, 5],
  ['summary', 2.5, 0.5, 10],
  ['description', 0.8, 0.7, 30],
];
const MAX_DESCRIPTION = 4_000;
/** Headings such as `Purpose:` are shorter than a first sentence. */
const LEAST_SENTENCE = 25;
const MAX_STEMS = 500;

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** Where the first sentence of a description ends: at a line or a full stop, or after 300 characters. */
function sentenceEnd(description: string): number {
  const end = description.slice(LEAST_SENTENCE, 300).search(/(?<=[.!?:])\s|\n/u);
  return Math.min(description.length, end < 0 ? 300 : LEAST_SENTENCE + end);
}

/** The texts of a listed tool that are searched, the same everywhere. */
export function describeTool(
  { path, name, tags }: SearchableServer,
  tool: { name: string; [member: string]: unknown },
): SearchableTool {
  const { properties } = (tool['inputSchema'] ?? {}) as { properties?: unknown };
  const parameters = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  const description = text(tool['description']).slice(0, MAX_DESCRIPTION);
  const end = sentenceEnd(description);
  return {
    name: tool.name,
    title: text(tool['title']),
    summary: description.slice(0, end),
    description: description.slice(end),
    parameters: parameters.join(' '),
    server: `${path} ${name}`,
    tags: tags.join(' '),
  };
}

let lastServer: { text: string; stems: string[] } = { text: '', stems: [] };

/** The tools of a server are read one after another, and share these. */
function readServerWords(server: string): readonly string[] {
  if (lastServer.text !== server)
    lastServer = { text: server, stems: [...new Set(splitWords(server).map(stemOnce))].slice() };
  return lastServer.stems;
}

/** Reads a tool for an index; the result can be cached as long as the tool and its server are the same. */
export function readToolWords(tool: SearchableTool): ToolWords {
  const found = new Map<string, number>();
  for (const [field, weight, normalisation, usual] of FIELDS) {
    const split = field === 'name' ? splitName : splitWords;
    const stems = split(tool[field].slice(0, MAX_DESCRIPTION)).map(stemOnce);
    const length = 1 - normalisation + (normalisation * stems.length) / usual;
    for (const one of stems)
      if (found.size < MAX_STEMS || found.has(one)) found.set(one, (found.get(one) ?? 0) + weight / length);
  }
  return {
    // Copies are no longer than necessary: these are retained for every tool.
    stems: [...found.keys()].slice(),
    weights: [...found.values()].slice(),
    server: readServerWords(tool.server),
    intent: intentOfName(splitName(tool.name)),
  };
}
