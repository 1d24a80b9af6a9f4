import { createToolIndex, describeTool, readToolWords, type SearchableTool } from '../../registry/contract/index.ts';
import type { RealServer } from './read-data.ts';

/** The best tools for a query, as `path/tool`, at most `limit`. */
export type Ranking = (query: string, limit: number) => string[];

interface Entry {
  id: string;
  texts: SearchableTool;
}

function describeAll(servers: readonly RealServer[]): Entry[] {
  return servers.flatMap((server) =>
    server.tools.map((tool) => ({
      id: `${server.path}/${tool.name}`,
      texts: describeTool({ ...server, tags: [] }, { ...tool }),
    })),
  );
}

function best(entries: readonly Entry[], score: (at: number) => number, limit: number): string[] {
  const scored = entries.map(({ id }, at) => ({ id, score: score(at) })).filter((one) => one.score > 0);
  return scored
    .sort((one, other) => other.score - one.score)
    .slice(0, limit)
    .map(({ id }) => id);
}

/** The gateway's own ranking, without tags. */
export function rankByGateway(servers: readonly RealServer[]): Ranking {
  const entries = describeAll(servers);
  const index = createToolIndex(entries.map(({ texts }) => readToolWords(texts)));
  return (query, limit) => index.search(query, limit, () => true).map(({ position }) => entries[position]?.id ?? '');
}

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
const allTexts = (texts: SearchableTool) => Object.values(texts).join(' ');

/** Ranks by the number of words of the query that occur anywhere in the texts, also inside words. */
export function rankBySubstring(servers: readonly RealServer[]): Ranking {
  const entries = describeAll(servers);
  const texts = entries.map((entry) => allTexts(entry.texts).toLowerCase());
  return (query, limit) => {
    const words = new Set(wordsOf(query));
    return best(entries, (at) => [...words].filter((word) => texts[at]?.includes(word) === true).length, limit);
  };
}

/** BM25 as in textbooks (k1 1.2, b 0.75): all texts as one, words in lower case as they are. */
export function rankByBm25(servers: readonly RealServer[]): Ranking {
  const entries = describeAll(servers);
  const counts = entries.map(({ texts }) => {
    const words = wordsOf(allTexts(texts));
    const found = new Map<string, number>();
    for (const word of words) found.set(word, (found.get(word) ?? 0) + 1);
    return { found, length: words.length };
  });
  const average = counts.reduce((sum, { length }) => sum + length, 0) / counts.length;
  const documentCounts = new Map<string, number>();
  for (const { found } of counts)
    for (const word of found.keys()) documentCounts.set(word, (documentCounts.get(word) ?? 0) + 1);
  const rarity = (word: string) => {
    const count = documentCounts.get(word) ?? 0;
    return Math.log(1 + (counts.length - count + 0.5) / (count + 0.5));
  };
  return (query, limit) => {
    const words = [...new Set(wordsOf(query))].map((word) => ({ word, rarity: rarity(word) }));
    const scoreOf = (at: number) => {
      const { found, length } = counts[at] ?? { found: new Map<string, number>(), length: 0 };
      return words.reduce((sum, { word, rarity: rare }) => {
        const count = found.get(word) ?? 0;
        return sum + (rare * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * length) / average));
      }, 0);
    };
    return best(entries, scoreOf, limit);
  };
}
