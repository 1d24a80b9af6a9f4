import { isInvisible } from '../../contract/index.ts';

/** A text as a model reads it: without characters that cannot be seen, and with letters in their plain form. */
export interface VisibleText {
  text: string;
  /** For each code unit of `text`, where it came from in the original. */
  origin: number[];
}

// A line that goes on is one sentence to a model; a blank line or an item of a list begins another.
const WRAP = /\n(?![ \t]*(?:\n|[-*•#>]|\d{1,3}[.)]))/g;

/**
 * Drops what cannot be seen, folds compatibility forms (full-width, styled letters) and joins wrapped lines, remembering where each unit was.
 */
export function readVisible(original: string): VisibleText {
  let text = '';
  const origin: number[] = [];
  let at = 0;
  for (const character of original) {
    const plain = isInvisible(character) ? '' : character.normalize('NFKC');
    for (let unit = 0; unit < plain.length; unit += 1) origin.push(at);
    text += plain;
    at += character.length;
  }
  return { text: text.replace(WRAP, ' '), origin };
}
