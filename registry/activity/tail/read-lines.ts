import { open } from 'node:fs/promises';
import { readHead } from './log-files.ts';

/** One step of reading: a batch of lines small enough not to hold up anything else. */
const CHUNK_BYTES = 512 * 1024;

/** A buffer for `readLines`, to be used again for each: a new one each time would make V8 collect its garbage at every turn. */
export function makeBuffer(): Buffer {
  return Buffer.allocUnsafeSlow(CHUNK_BYTES);
}

/** Longer lines are no lines of ours: the longest that the gate writes holds 128 names of 128 characters, six bytes each when quoted. */
const MAX_LINE_BYTES = 128 * 1024;
/** Lines are handed on in pieces of about this size: as a string a larger one would lie with what lives long, and make V8 collect that. */
const PIECE_BYTES = 32 * 1024;

export interface Place {
  /** Bytes that were read. */
  offset: number;
  /** In the middle of a line that is too long. */
  skipping: boolean;
}
export interface Batch {
  /** Whole lines, each with its end; those that are too long are left out. They lie in the buffer that was given. */
  pieces: Buffer[];
  tooLong: number;
  /** Where to go on. */
  place: Place;
  /** There was no more in the file. */
  isEnd: boolean;
}

/**
 * Reads the next whole lines from `place` on; a last line without its end waits. Null: there is nothing new, or the file of that name is
 * another than the one with this `head` by now.
 */
export async function readLines(file: string, head: string, place: Place, buffer: Buffer): Promise<Batch | null> {
  const handle = await open(file, 'r');
  let bytesRead: number;
  try {
    ({ bytesRead } = await handle.read(buffer, 0, buffer.length, place.offset));
    // Looked at after reading: truncated in between, what was read may belong to neither.
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
