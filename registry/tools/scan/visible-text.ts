import { isInvisible } from '../../contract/index.ts';

/** Text as a model reads it: without invisible characters, and with letters in their plain form. */
export interface VisibleText {
  text: string;
  /** For each code unit of `text`, its position in the original. */
  origin: number[];
}

// A model reads wrapped lines as one sentence; a blank line or a list item begins another.
const WRAP = /\n(?![ \t]*(?:\n|[-*\u2022#>]|\d{1,3}[.)]))/g;

/**
 * Removes invisible characters, folds compatibility forms (full-width, styled letters) and joins wrapped lines; `origin` maps back.
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
