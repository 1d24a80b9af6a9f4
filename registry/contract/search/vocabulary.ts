import { allowedEdits, isWithin } from './spelling.ts';
import { synonymsOf } from './synonyms.ts';
import { stem } from './words.ts';

/** Maximum number of words that one word of a query can mean. */
const MAX_MEANT = 100;
const SYNONYM = 0.6;
const BEGINNING = 0.6;
const MISSPELT = 0.4;

/** The words of tools. */
export interface Vocabulary {
  /** The stems that a word of a query may mean, with their weights. */
  expand: (word: string) => Map<string, number>;
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

/** Creates the vocabulary of the stems that `has` knows. */
export function createVocabulary(stems: Iterable<string>, has: (stem: string) => boolean): Vocabulary {
  const sorted = [...stems].sort();
  // Numbers are not corrected, and the first letter is seldom mistyped.
  const byFirst = new Map<string, string[]>();
  for (const word of sorted.filter((one) => /^\p{L}/u.test(one))) {
    const same = byFirst.get(word.charAt(0));
    if (same === undefined) byFirst.set(word.charAt(0), [word]);
    else same.push(word);
  }

  function addBeginnings(meant: Map<string, number>, beginning: string): void {
    for (let at = findFirst(sorted, beginning); meant.size < MAX_MEANT; at += 1) {
      const other = sorted[at];
      if (other?.startsWith(beginning) !== true) return;
      if (!meant.has(other)) meant.set(other, BEGINNING);
    }
  }

  return {
    expand(word) {
      const own = stem(word);
      const meant = new Map<string, number>();
      if (has(own)) meant.set(own, 1);
      for (const other of synonymsOf(own)) if (has(other)) meant.set(other, SYNONYM);
      if (!has(own) && word.length >= 3) addBeginnings(meant, own);
      if (meant.size > 0) return meant;
      const edits = allowedEdits(word.length);
      if (edits === 0) return meant;
      const letters = [own.charAt(0), own.charAt(1)];
      for (const letter of new Set(letters))
        for (const other of byFirst.get(letter) ?? []) if (isWithin(own, other, edits)) meant.set(other, MISSPELT);
      return meant;
    },
  };
}
