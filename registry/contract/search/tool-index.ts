import { intentOfQuery } from './intent.ts';
import type { ToolWords } from './searchable-tool.ts';
import { takeBest } from './take-best.ts';
import { createVocabulary } from './vocabulary.ts';
import { queryWords } from './query-words.ts';
import { splitWords, stemOnce } from './words.ts';

/** A tool that fits a query. */
export interface ToolMatch {
  /** Of the tool in the list that the index was created from. */
  position: number;
  /** Higher is better. */
  score: number;
}

export interface ToolIndex {
  /** The tools that fit a query, best first. `accepts` is called for the best ones only, until `limit` are found. */
  search: (query: string, limit: number, accepts: (position: number) => boolean) => ToolMatch[];
}

/** Term frequency saturation (k1 of BM25). */
const SATURATION = 2.5;
const MAX_WORDS = 12;
/** Factor for the tools of a server that the query names. */
const NAMED_SERVER = 1.4;
/** Factor for a tool with another intent than the query. */
const OTHER_INTENT = 0.6;
/** Share of the score that a tool gets for any one word of several. */
const ANY_WORD = 0.35;
/** Tools that are read between two pauses. */
const SLICE = 50;

/** Which tools have a stem: `positions` and `weights` from the start of a stem to that of the next. Two numbers for each entry. */
interface Postings {
  /** The tools of the servers that have a stem in their name. */
  ofServers: ReadonlyMap<string, number[]>;
  ids: ReadonlyMap<string, number>;
  starts: Uint32Array;
  positions: Uint32Array;
  weights: Float32Array;
}

function* collect(tools: readonly ToolWords[]): Generator<undefined, Postings> {
  const ids = new Map<string, number>();
  const counts: number[] = [];
  const ofServers = new Map<string, number[]>();
  for (const [position, { stems, server }] of tools.entries()) {
    if (position % SLICE === SLICE - 1) yield;
    for (const stem of server) {
      const same = ofServers.get(stem);
      if (same === undefined) ofServers.set(stem, [position]);
      else same.push(position);
    }
    for (const stem of stems) {
      const id = ids.get(stem) ?? ids.size;
      if (id === ids.size) ids.set(stem, id);
      counts[id] = (counts[id] ?? 0) + 1;
    }
  }
  const starts = new Uint32Array(ids.size + 1);
  for (let id = 0; id < ids.size; id += 1) starts[id + 1] = (starts[id] ?? 0) + (counts[id] ?? 0);
  const total = starts[ids.size] ?? 0;
  const positions = new Uint32Array(total);
  const weights = new Float32Array(total);
  const next = starts.slice();
  for (const [position, { stems, weights: counted }] of tools.entries()) {
    if (position % SLICE === SLICE - 1) yield;
    for (const [nth, stem] of stems.entries()) {
      const id = ids.get(stem) ?? 0;
      const at = next[id] ?? 0;
      positions[at] = position;
      weights[at] = counted[nth] ?? 0;
      next[id] = at + 1;
    }
  }
  return { ids, ofServers, starts, positions, weights };
}

function* createIndex(tools: readonly ToolWords[]): Generator<undefined, ToolIndex> {
  const { ids, ofServers, starts, positions, weights } = yield* collect(tools);
  yield;
  const vocabulary = createVocabulary(ids.keys(), (stem) => ids.has(stem));
  // For one search at a time; created once, and reset after each.
  const sums = new Float64Array(tools.length);
  const ofWord = new Float64Array(tools.length);
  const words = new Uint8Array(tools.length);

  /** Adds the scores of one word of a query: of the words that it may mean, the one with the best score counts for a tool. */
  function addWord(word: string, touched: number[]): void {
    const found: number[] = [];
    for (const [meant, share] of vocabulary.expand(word)) {
      const id = ids.get(meant) ?? 0;
      const [from, to] = [starts[id] ?? 0, starts[id + 1] ?? 0];
      const rarity = share * Math.log(1 + (tools.length - (to - from) + 0.5) / (to - from + 0.5));
      for (let at = from; at < to; at += 1) {
        const position = positions[at] ?? 0;
        const weight = weights[at] ?? 0;
        const score = (rarity * weight) / (SATURATION + weight);
        const before = ofWord[position] ?? 0;
        if (before === 0) found.push(position);
        if (score > before) ofWord[position] = score;
      }
    }
    for (const position of found) {
      if (words[position] === 0) touched.push(position);
      words[position] = (words[position] ?? 0) + 1;
      sums[position] = (sums[position] ?? 0) + (ofWord[position] ?? 0);
      ofWord[position] = 0;
    }
  }

  return {
    search(query, limit, accepts) {
      const terms = queryWords(query).slice(0, MAX_WORDS);
      const touched: number[] = [];
      for (const word of terms) addWord(word, touched);
      const intent = intentOfQuery(splitWords(query));
      for (const position of touched) {
        const all = ANY_WORD + ((1 - ANY_WORD) * (words[position] ?? 0)) / terms.length;
        const does = tools[position]?.intent;
        const isOther = intent !== undefined && does !== undefined && does !== intent;
        sums[position] = (sums[position] ?? 0) * all * (isOther ? OTHER_INTENT : 1);
      }
      for (const stem of new Set(terms.map(stemOnce)))
        for (const position of ofServers.get(stem) ?? []) sums[position] = (sums[position] ?? 0) * NAMED_SERVER;
      const found: ToolMatch[] = [];
      if (limit > 0)
        for (const position of takeBest([...touched], sums)) {
          if (accepts(position)) found.push({ position, score: sums[position] ?? 0 });
          if (found.length >= limit) break;
        }
      for (const position of touched) {
        sums[position] = 0;
        words[position] = 0;
      }
      return found;
    },
  };
}

/**
 * An index of tools for queries of people and models: BM25F over their texts, with stems, synonyms, prefixes of words and, for words that no tool
 * has, words of similar spelling. Pure: the same tools in the same order and the same query return the same result everywhere.
 */
export function createToolIndex(tools: readonly ToolWords[]): ToolIndex {
  const building = createIndex(tools);
  let step = building.next();
  while (step.done !== true) step = building.next();
  return step.value;
}

/** The same, with a pause after each slice of the work, so that other work of the process is not blocked. */
export async function buildToolIndex(tools: readonly ToolWords[], pause: () => Promise<unknown>): Promise<ToolIndex> {
  const building = createIndex(tools);
  let step = building.next();
  while (step.done !== true) {
    await pause();
    step = building.next();
  }
  return step.value;
}
