import { allowedEdits, isWithin } from './spelling.ts';
import { synonymsOf } from './synonyms.ts';
import { meaningfulWords, splitWords, stem } from './words.ts';

/** The texts of a tool that are searched. */
export interface SearchableTool {
  name: string;
  title: string;
  description: string;
  /** Names of its arguments. */
  parameters: string;
  /** Path and name of its server. */
  server: string;
  tags: string;
}

export interface ToolIndex {
  /** Positions of the tools that fit a query, best first. `accepts` is asked for the best ones only, until `limit` are found. */
  search: (query: string, limit: number, accepts: (position: number) => boolean) => number[];
}

type Field = keyof SearchableTool;

/** Weight of a word by field, and its length normalisation (b of BM25F). */
const FIELDS: readonly [field: Field, weight: number, lengthNormalisation: number][] = [
  ['name', 6, 0.3],
  ['title', 4, 0.3],
  ['tags', 2, 0.2],
  ['server', 2, 0.2],
  ['parameters', 1, 0.6],
  ['description', 1.5, 0.7],
];
/** Term frequency saturation (k1 of BM25). */
const SATURATION = 1.2;
const MAX_DESCRIPTION = 4_000;
const MAX_WORDS = 12;
const MAX_MEANT = 100;
const SYNONYM = 0.45;
const BEGINNING = 0.6;
const MISSPELT = 0.7;
/** Share of the score that a tool has of any one word of several. */
const ANY_WORD = 0.35;

interface Postings {
  positions: number[];
  weights: number[];
}

type Stems = Record<Field, string[]>;

// An index is made again when any tool changes; the others are not read again.
const known = new WeakMap<SearchableTool, Stems>();

/** Tools that are read between two pauses. */
const SLICE = 50;

/** The stems of every text; each word is stemmed once. */
function* stemAll(tools: readonly SearchableTool[]): Generator<undefined, Stems[]> {
  const byWord = new Map<string, string>();
  const stemOnce = (word: string): string => {
    const stemmed = byWord.get(word) ?? stem(word);
    byWord.set(word, stemmed);
    return stemmed;
  };
  const all: Stems[] = [];
  for (const [at, tool] of tools.entries()) {
    if (at % SLICE === SLICE - 1) yield;
    let stems = known.get(tool);
    if (stems === undefined) {
      stems = {} as Stems;
      for (const [field] of FIELDS) stems[field] = splitWords(tool[field].slice(0, MAX_DESCRIPTION)).map(stemOnce);
      known.set(tool, stems);
    }
    all.push(stems);
  }
  return all;
}

function averageLengths(all: readonly Stems[]): Record<Field, number> {
  const averages = {} as Record<Field, number>;
  for (const [field] of FIELDS)
    averages[field] = all.reduce((sum, stems) => sum + stems[field].length, 0) / Math.max(1, all.length);
  return averages;
}

function count(stems: Stems, averages: Record<Field, number>): Map<string, number> {
  const found = new Map<string, number>();
  for (const [field, weight, normalisation] of FIELDS) {
    const length = 1 - normalisation + (normalisation * stems[field].length) / (averages[field] || 1);
    for (const one of stems[field]) found.set(one, (found.get(one) ?? 0) + weight / length);
  }
  return found;
}

/** The first of sorted texts that is not before a text. */
function findFirst(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

function* makeIndex(tools: readonly SearchableTool[]): Generator<undefined, ToolIndex> {
  const stemmed = yield* stemAll(tools);
  const averages = averageLengths(stemmed);
  const byStem = new Map<string, Postings>();
  for (const [position, stems] of stemmed.entries()) {
    if (position % SLICE === SLICE - 1) yield;
    for (const [word, weight] of count(stems, averages)) {
      const postings = byStem.get(word) ?? { positions: [], weights: [] };
      postings.positions.push(position);
      postings.weights.push(weight);
      byStem.set(word, postings);
    }
  }
  yield;
  const vocabulary = [...byStem.keys()].sort();
  // Numbers are not misspelt, and somebody who mistypes seldom mistypes the first letter.
  const byFirst = new Map<string, string[]>();
  for (const word of vocabulary.filter((one) => /^\p{L}/u.test(one))) {
    const same = byFirst.get(word.charAt(0));
    if (same === undefined) byFirst.set(word.charAt(0), [word]);
    else same.push(word);
  }

  function addBeginnings(meant: Map<string, number>, beginning: string): void {
    for (let at = findFirst(vocabulary, beginning); meant.size < MAX_MEANT; at += 1) {
      const other = vocabulary[at];
      if (other?.startsWith(beginning) !== true) return;
      if (!meant.has(other)) meant.set(other, BEGINNING);
    }
  }

  /** Stems that a word of a query may mean, each with how much it counts. */
  function expand(word: string): Map<string, number> {
    const own = stem(word);
    const meant = new Map<string, number>();
    if (byStem.has(own)) meant.set(own, 1);
    for (const other of synonymsOf(own)) if (byStem.has(other)) meant.set(other, SYNONYM);
    if (word.length >= 3) addBeginnings(meant, own);
    if (meant.size > 0) return meant;
    const edits = allowedEdits(word.length);
    if (edits === 0) return meant;
    const letters = [own.charAt(0), own.charAt(1)];
    for (const letter of new Set(letters))
      for (const other of byFirst.get(letter) ?? []) if (isWithin(own, other, edits)) meant.set(other, MISSPELT);
    return meant;
  }

  function scoreWord(word: string): Map<number, number> {
    const scores = new Map<number, number>();
    for (const [meant, share] of expand(word)) {
      const { positions, weights } = byStem.get(meant) ?? { positions: [], weights: [] };
      const rarity = Math.log(1 + (tools.length - positions.length + 0.5) / (positions.length + 0.5));
      for (const [at, position] of positions.entries()) {
        const weight = weights[at] ?? 0;
        const score = share * rarity * (weight / (SATURATION + weight));
        if (score > (scores.get(position) ?? 0)) scores.set(position, score);
      }
    }
    return scores;
  }

  return {
    search(query, limit, accepts) {
      const words = meaningfulWords(query).slice(0, MAX_WORDS);
      const sums = new Map<number, { score: number; words: number }>();
      for (const word of words)
        for (const [position, score] of scoreWord(word)) {
          const sum = sums.get(position) ?? { score: 0, words: 0 };
          sum.score += score;
          sum.words += 1;
          sums.set(position, sum);
        }
      const ranked = [...sums].map(([position, sum]) => ({
        position,
        score: sum.score * (ANY_WORD + (1 - ANY_WORD) * (sum.words / words.length)),
      }));
      ranked.sort((one, other) => other.score - one.score || one.position - other.position);
      const found: number[] = [];
      for (const { position } of ranked) {
        if (found.length >= limit) break;
        if (accepts(position)) found.push(position);
      }
      return found;
    },
  };
}

/**
 * An index of tools for queries of people and models: BM25F over their texts, with stems, synonyms, beginnings of words and, for words that no tool
 * has, the words that are spelt nearly alike. Pure; the same tools and query give the same answer everywhere.
 */
export function createToolIndex(tools: readonly SearchableTool[]): ToolIndex {
  const making = makeIndex(tools);
  let step = making.next();
  while (step.done !== true) step = making.next();
  return step.value;
}

/** The same, with a pause after each slice of the work, so that what else the process does need not wait for all of it. */
export async function buildToolIndex(
  tools: readonly SearchableTool[],
  pause: () => Promise<unknown>,
): Promise<ToolIndex> {
  const making = makeIndex(tools);
  let step = making.next();
  while (step.done !== true) {
    await pause();
    step = making.next();
  }
  return step.value;
}
