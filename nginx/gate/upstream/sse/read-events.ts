import { byteAt } from '../../json/scan/text/bytes.ts';
import { nextLineEnd } from './read-line.ts';

const LF = 10;
const CR = 13;

/** The state of reading a stream of events. */
export interface EventReader {
  /** The received pieces of the event that has not ended. */
  held: string[];
  heldBytes: number;
  isLineEmpty: boolean;
  wasCr: boolean;
}

/** Begins reading a stream. */
export function createEventReader(): EventReader {
  return { held: [], heldBytes: 0, isLineEmpty: true, wasCr: false };
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
      // The LF of a CRLF whose CR ended the line.
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
