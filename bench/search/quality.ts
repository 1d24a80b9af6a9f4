import type { QueryCase } from './read-data.ts';
import type { Ranking } from './rankings.ts';

export interface Quality {
  /** Share of the queries with a right tool among the first five. */
  recallAt5: number;
  /** Mean of 1 / rank of the first right tool, 0 beyond the first ten. */
  mrr: number;
}

/** Measures the quality of a ranking on queries. */
export function measureQuality(ranking: Ranking, cases: readonly QueryCase[]): Quality {
  const places = cases.map(({ query, tools }) => ranking(query, 10).findIndex((id) => tools.includes(id)) + 1);
  const mean = (value: (place: number) => number) =>
    places.reduce((sum, place) => sum + value(place), 0) / Math.max(1, places.length);
  return {
    recallAt5: mean((place) => (place > 0 && place <= 5 ? 1 : 0)),
    mrr: mean((place) => (place > 0 ? 1 / place : 0)),
  };
}
