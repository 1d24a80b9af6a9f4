import { byteAt } from '../../json/scan/text/bytes.ts';

const LF = 10;
const VERTICAL_TAB = 11;
const FORM_FEED = 12;
const CR = 13;
const FS = 28;
const RS = 30;
const SPACE = 32;

/** Clients ignore it at the beginning of a stream (WHATWG HTML §9.2.5). */
export const BYTE_ORDER_MARK = String.fromCharCode(0xef, 0xbb, 0xbf);

/** The position of the next line end of a text; the length of the text if there is none. */
export function nextLineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const byte = byteAt(text, at);
    if (byte === LF || byte === CR) return at;
    at += 1;
  }
  return at;
}

/**
 * Whether the character before `at` is one of the additional line ends of Python's str.splitlines, with which some clients split streams (httpx-sse
 * before 0.4.2): VT, FF, FS, GS, RS, U+0085, U+2028, U+2029.
 */
export function endsOtherLine(text: string, at: number): boolean {
  const byte = at < 1 ? 0 : byteAt(text, at - 1);
  if (byte < SPACE) return byte === VERTICAL_TAB || byte === FORM_FEED || (byte >= FS && byte <= RS);
  if (byte === 0x85) return at > 1 && byteAt(text, at - 2) === 0xc2;
  return (byte === 0xa8 || byte === 0xa9) && at > 2 && byteAt(text, at - 2) === 0x80 && byteAt(text, at - 3) === 0xe2;
}

/** Whether a text has such a character. */
export function hasOtherLineEnd(text: string): boolean {
  for (let at = 1; at <= text.length; at += 1) if (endsOtherLine(text, at)) return true;
  return false;
}

export interface Line {
  text: string;
  /** Where its text begins, and where the next line begins. */
  at: number;
  next: number;
}

/** The line that begins at `from`, ended by LF, CRLF, CR or the end of the text. */
export function readLine(text: string, from: number): Line {
  const end = nextLineEnd(text, from);
  const isCrlf = byteAt(text, end) === CR && byteAt(text, end + 1) === LF;
  return { text: text.slice(from, end), at: from, next: end + (isCrlf ? 2 : 1) };
}
