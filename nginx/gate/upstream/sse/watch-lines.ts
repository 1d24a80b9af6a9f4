import { byteAt } from '../../json/scan/text/bytes.ts';
import { endsOtherLine } from './read-line.ts';

const EVENT = 'endpoint';
const FIELD = 'event:';
/** Bytes of a stream that are kept. A name after more blanks than that counts as the name of an event too. */
const MAX_TAIL_BYTES = 256;

/** Bytes of a line end: U+2028. */
const LONGEST_LINE_END = 3;

const TAB = 9;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;

const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB;

/** Whether what stands before `at` makes it the name of an event. `isWhole`: the text begins with a line. */
function isName(text: string, at: number, isWhole: boolean): boolean {
  let begin = at;
  while (begin > 0 && isBlank(byteAt(text, begin - 1))) begin -= 1;
  const from = begin - FIELD.length;
  // So far back there were blanks alone.
  if (from < 0) return !isWhole;
  if (text.slice(from, begin) !== FIELD) return false;
  if (from === 0 || (!isWhole && from < LONGEST_LINE_END)) return true;
  const before = byteAt(text, from - 1);
  return before === LINE_FEED || before === CARRIAGE_RETURN || endsOtherLine(text, from);
}

/** What of a stream came last. */
export interface LineWatch {
  tail: string;
  /** The tail is all that came, from the beginning of a line. */
  isWhole: boolean;
}

/** Begins to watch a stream at the beginning of a line. */
export function watchLines(): LineWatch {
  return { tail: '', isWhole: true };
}

/**
 * Whether the next piece of a stream names the event `endpoint`, wherever its pieces are split: clients of the legacy transport take each such
 * event for the address of their messages. Blanks around the name do not count, as to some of them.
 */
export function namesEndpoint(watch: LineWatch, piece: string): boolean {
  const { tail, isWhole } = watch;
  const text = tail + piece;
  if (text.length > MAX_TAIL_BYTES) {
    watch.tail = text.slice(-MAX_TAIL_BYTES);
    watch.isWhole = false;
  } else watch.tail = text;
  // What is whole in the tail was judged with what stood before it.
  let at = text.indexOf(EVENT, Math.max(0, tail.length - EVENT.length + 1));
  while (at >= 0) {
    if (isName(text, at, isWhole)) return true;
    at = text.indexOf(EVENT, at + 1);
  }
  return false;
}
