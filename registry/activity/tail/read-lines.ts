import { open } from 'node:fs/promises';
import { readHead } from './log-files.ts';

/** One step of reading: a batch of lines small enough not to block anything else. */
const CHUNK_BYTES = 512 * 1024;

/** A buffer for `readLines`, to be reused: a new one each time would trigger V8's garbage collection each time. */
export function createBuffer(): Buffer {
  return Buffer.allocUnsafeSlow(CHUNK_BYTES);
}

/** Longer lines are not from the gate: the longest that the gate writes has 128 names of 128 characters, six bytes each when escaped. */
const MAX_LINE_BYTES = 128 * 1024;
/** Lines are passed on in pieces of about this size: a larger string would be allocated in V8's old generation and trigger a full collection. */
const PIECE_BYTES = 32 * 1024;

export interface Place {
  /** Bytes that were read. */
  offset: number;
  /** The offset is in the middle of a line that is too long. */
  skipping: boolean;
}
export interface Batch {
  /** Whole lines, each with its end; those that are too long are omitted. They are views of the given buffer. */
  pieces: Buffer[];
  tooLong: number;
  /** Where to continue. */
  place: Place;
  /** The end of the file was reached. */
  isEnd: boolean;
}

/**
 * Reads the next complete lines from `place` on; an incomplete last line is read later. Null: there is nothing new, or the file of that
 * name is no longer the one with this `head`.
 */
export async function readLines(file: string, head: string, place: Place, buffer: Buffer): Promise<Batch | null> {
  const handle = await open(file, 'r');
  let bytesRead: number;
  try {
    ({ bytesRead } = await handle.read(buffer, 0, buffer.length, place.offset));
    // Compared after reading: if it was truncated in between, what was read may belong to neither.
    if ((await readHead(handle)) !== head) return null;
  } finally {
    await handle.close();
  }
  const text = buffer.subarray(0, bytesRead);
  let start = 0;
  let tooLong = 0;
  let { skipping } = place;
  const pieces: Buffer[] = [];
  let pieceStart = 0;
  const closePiece = (end: number) => {
    if (end > pieceStart) pieces.push(text.subarray(pieceStart, end));
  };
  for (let end = text.indexOf(0x0a); end !== -1; end = text.indexOf(0x0a, start)) {
    const isTooLong = end - start > MAX_LINE_BYTES;
    if (isTooLong && !skipping) tooLong += 1;
    if (isTooLong || skipping) {
      closePiece(start);
      pieceStart = end + 1;
    }
    skipping = false;
    start = end + 1;
    if (start - pieceStart >= PIECE_BYTES) {
      closePiece(start);
      pieceStart = start;
    }
  }
  closePiece(start);
  if (skipping || bytesRead - start > MAX_LINE_BYTES) {
    if (!skipping) tooLong += 1;
    skipping = true;
    start = bytesRead;
  }
  if (start === 0) return null;
  return { pieces, tooLong, place: { offset: place.offset + start, skipping }, isEnd: bytesRead < buffer.length };
}
