import { byteAt } from '../scan/text/bytes.ts';

const LF = 10;
const CR = 13;
const BYTE_ORDER_MARK = String.fromCharCode(0xef, 0xbb, 0xbf);

/** Where the reading of a stream of events stands. */
export interface EventReader {
  /** What came of the event that has not ended, in pieces. */
  held: string[];
  heldBytes: number;
  isLineEmpty: boolean;
  wasCr: boolean;
  isBeginning: boolean;
}

/** Begins with a stream. */
export function createEventReader(): EventReader {
  return { held: [], heldBytes: 0, isLineEmpty: true, wasCr: false, isBeginning: true };
}

/** The next line end of a text; its length: none. */
function nextLineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const byte = byteAt(text, at);
    if (byte === LF || byte === CR) return at;
    at += 1;
  }
  return at;
}

/**
 * Takes a piece of a stream of server-sent events (WHATWG HTML §9.2) and returns the events that it completes, each with the empty line at its
 * end. Lines end with LF, CR or CRLF.
 */
export function readEvents(reader: EventReader, piece: string): string[] {
  const events: string[] = [];
  let from = 0;
  let at = 0;
  while (at < piece.length) {
    const byte = byteAt(piece, at);
    if (byte === LF && reader.wasCr) {
      // Of a CRLF whose CR ended the line.
      reader.wasCr = false;
      at += 1;
      continue;
    }
    reader.wasCr = byte === CR;
    if (byte !== LF && byte !== CR) {
      reader.isLineEmpty = false;
      at = nextLineEnd(piece, at);
      continue;
    }
    at += 1;
    if (!reader.isLineEmpty) {
      reader.isLineEmpty = true;
      continue;
    }
    reader.held.push(piece.slice(from, at));
    events.push(reader.held.join(''));
    reader.held = [];
    reader.heldBytes = 0;
    from = at;
  }
  if (from < piece.length) {
    reader.held.push(piece.slice(from));
    reader.heldBytes += piece.length - from;
  }
  return events;
}

interface Line {
  text: string;
  next: number;
}

function readLine(text: string, from: number): Line {
  const end = nextLineEnd(text, from);
  const isCrlf = byteAt(text, end) === CR && byteAt(text, end + 1) === LF;
  return { text: text.slice(from, end), next: end + (isCrlf ? 2 : 1) };
}

/** The value of a field of an event, when the line is of that field (§9.2.6). */
function valueOf(line: string, field: string): string | undefined {
  if (line === field) return '';
  if (!line.startsWith(`${field}:`)) return undefined;
  const value = line.slice(field.length + 1);
  return value.startsWith(' ') ? value.slice(1) : value;
}

/**
 * An event with its data rewritten; the event itself where `rewrite` returns its argument or the event has no data, and nothing where it
 * returns undefined. The endpoint event of the legacy transport is no JSON and is left as it is.
 */
export function rewriteEvent(event: string, rewrite: (this: void, data: string) => string | undefined): string {
  const text = event.startsWith(BYTE_ORDER_MARK) ? event.slice(3) : event;
  const data: string[] = [];
  let others = '';
  let at = 0;
  while (at < text.length) {
    const line = readLine(text, at);
    at = line.next;
    const value = valueOf(line.text, 'data');
    if (value !== undefined) data.push(value);
    else if (valueOf(line.text, 'event') === 'endpoint') return text;
    else if (line.text !== '') others += `${line.text}\n`;
  }
  const whole = data.join('\n');
  if (whole === '') return text;
  const rewritten = rewrite(whole);
  if (rewritten === whole) return text;
  if (rewritten === undefined) return '';
  return `${others}data: ${rewritten.split('\n').join('\ndata: ')}\n\n`;
}
