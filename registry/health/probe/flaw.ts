/** Something that is wrong with a server that can be called nevertheless. */
export interface Flaw {
  problem: string;
  remedy: string;
}

const MAX_SHOWN = 3;

/** All flaws of a server joined into one; null when there are none. */
export function joinFlaws(flaws: readonly Flaw[]): Flaw | null {
  if (flaws.length === 0) return null;
  const shown = flaws.slice(0, MAX_SHOWN);
  const more = flaws.length > shown.length ? [`And ${flaws.length - shown.length} more`] : [];
  return {
    problem: [...shown.map(({ problem }) => problem), ...more].join('. '),
    remedy: [...new Set(shown.map(({ remedy }) => remedy))].join(' '),
  };
}
