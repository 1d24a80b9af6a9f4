import { open } from 'node:fs/promises';
import { readHead } from './log-files.ts';

/** One step of reading: a batch of lines small enough not to hold up anything else. */
const CHUNK_BYTES = 256 * 1024;
/** Longer lines are no lines of ours: the longest that the gate writes holds 128 names of 128 characters, six bytes each when quoted. */
const MAX_LINE_BYTES = 128 * 1024;

export interface Place {
  /** Bytes that were read. */
  offset: number;
  /** In the middle of a line that is too long. */
  skipping: boolean;
}
export interface Batch {
  lines: Buffer[];
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
export async function readLines(file: string, head: string, place: Place): Promise<Batch | null> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  const handle = await open(file, 'r');
  let bytesRead: number;
  try {
    ({ bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, place.offset));
    // Looked at after reading: truncated in between, what was read may belong to neither.
    if ((await readHead(handle)) !== head) return null;
  } finally {
    await handle.close();
  }
  const text = buffer.subarray(0, bytesRead);
  let start = 0;
  let tooLong = 0;
  let { skipping } = place;
  const lines: Buffer[] = [];
  for (let end = text.indexOf(0x0a); end !== -1; end = text.indexOf(0x0a, start)) {
    if (!skipping && end - start <= MAX_LINE_BYTES) {
      if (end > start) lines.push(text.subarray(start, end));
    } else if (!skipping) tooLong += 1;
    skipping = false;
    start = end + 1;
  }
  if (skipping || bytesRead - start > MAX_LINE_BYTES) {
    if (!skipping) tooLong += 1;
    skipping = true;
    start = bytesRead;
  }
  if (start === 0) return null;
  return { lines, tooLong, place: { offset: place.offset + start, skipping }, isEnd: bytesRead < CHUNK_BYTES };
}
