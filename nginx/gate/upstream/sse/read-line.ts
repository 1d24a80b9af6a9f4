import { byteAt } from '../../json/scan/text/bytes.ts';

const LF = 10;
const CR = 13;

/** What clients leave out at the beginning of a stream (WHATWG HTML §9.2.5). */
export const BYTE_ORDER_MARK = String.fromCharCode(0xef, 0xbb, 0xbf);

/** The next line end of a text; its length: none. */
export function nextLineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const byte = byteAt(text, at);
    if (byte === LF || byte === CR) return at;
    at += 1;
  }
  return at;
}

export interface Line {
  text: string;
  /** Where its text begins, and where the next line does. */
  at: number;
  next: number;
}

/** The line that begins at `from`, ended by LF, CRLF, CR or the end of the text. */
export function readLine(text: string, from: number): Line {
  const end = nextLineEnd(text, from);
  const isCrlf = byteAt(text, end) === CR && byteAt(text, end + 1) === LF;
  return { text: text.slice(from, end), at: from, next: end + (isCrlf ? 2 : 1) };
}
