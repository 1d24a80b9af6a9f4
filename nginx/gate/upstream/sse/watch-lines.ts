import { byteAt } from '../../json/scan/text/bytes.ts';
import { endsOtherLine } from './read-line.ts';

const EVENT = 'endpoint';
const FIELD = 'event';
/** How many bytes of a stream are retained. A name after more blanks than that also counts as the name of an event. */
const MAX_TAIL_BYTES = 256;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const COLON = 58;
const DELETE = 127;

/** Whether some client ignores a byte around a name: control characters, Unicode blanks, a byte order mark that was encoded twice. */
const isBlank = (byte: number): boolean => byte <= SPACE || byte >= DELETE;

/** Where the blanks before `at` begin. */
function skipBlanks(text: string, at: number): number {
  let begin = at;
  while (begin > 0 && isBlank(byteAt(text, begin - 1))) begin -= 1;
  return begin;
}

/** Whether a line begins at `at`, or before blanks that precede it. */
function beginsLine(text: string, at: number): boolean {
  for (let begin = at; begin > 0; begin -= 1) {
    const before = byteAt(text, begin - 1);
    if (before === LINE_FEED || before === CARRIAGE_RETURN || endsOtherLine(text, begin)) return true;
    if (!isBlank(before)) return false;
  }
  // The beginning of the stream, or everything retained before it is blank.
  return true;
}

/** Whether the text before `at` makes it the name of an event. `isWhole`: the text begins at the beginning of a line. */
function isName(text: string, at: number, isWhole: boolean): boolean {
  const colon = skipBlanks(text, at) - 1;
  // Everything retained before it is blank.
  if (colon < 0) return !isWhole;
  if (byteAt(text, colon) !== COLON) return false;
  const end = skipBlanks(text, colon);
  const from = end - FIELD.length;
  if (from < 0) return !isWhole && FIELD.endsWith(text.slice(0, end));
  return text.slice(from, end) === FIELD && beginsLine(text, from);
}

/** The last bytes of a stream. */
export interface LineWatch {
  tail: string;
  /** The tail is everything received, from the beginning of a line. */
  isWhole: boolean;
}

/** Begins to watch a stream at the beginning of a line. */
export function watchLines(): LineWatch {
  return { tail: '', isWhole: true };
}

/**
 * Whether the next piece of a stream names the event `endpoint`, wherever its pieces are split: clients of the legacy transport use each such
 * event as the address of their messages. Bytes that some of them ignore around names and lines are skipped.
 */
export function namesEndpoint(watch: LineWatch, piece: string): boolean {
  const { tail, isWhole } = watch;
  const text = tail + piece;
  if (text.length > MAX_TAIL_BYTES) {
    watch.tail = text.slice(-MAX_TAIL_BYTES);
    watch.isWhole = false;
  } else watch.tail = text;
  // A complete name in the tail was already judged together with the text before it.
  let at = text.indexOf(EVENT, Math.max(0, tail.length - EVENT.length + 1));
  while (at >= 0) {
    if (isName(text, at, isWhole)) return true;
    at = text.indexOf(EVENT, at + 1);
  }
  return false;
}
