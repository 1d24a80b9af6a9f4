/** A text as a model reads it: without characters that cannot be seen, and with letters in their plain form. */
export interface VisibleText {
  text: string;
  /** For each code unit of `text`, where it came from in the original. */
  origin: number[];
}

const UNSEEN =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]/u;

/** Whether a character cannot be seen, or changes the order of what is around it. */
export function isUnseen(character: string): boolean {
  return UNSEEN.test(character);
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
    const plain = isUnseen(character) ? '' : character.normalize('NFKC');
    for (let unit = 0; unit < plain.length; unit += 1) origin.push(at);
    text += plain;
    at += character.length;
  }
  return { text: text.replace(WRAP, ' '), origin };
}

/** Text for people in which unseen and control characters are written out. */
export function writeOut(text: string): string {
  let shown = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
    shown += isUnseen(character) || isControl ? `\\u{${code.toString(16)}}` : character;
  }
  return shown;
}
