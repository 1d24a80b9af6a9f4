import type { Readable } from 'node:stream';

export interface LineLimits {
  /** A longer line is dropped. */
  maxLineBytes: number;
  /** Limit of the reading speed, so that one program cannot use the whole processor. */
  bytesPerSecond: number;
}

export interface LineListener {
  /** A line without its end; empty lines are left out. */
  line: (text: string) => void;
  /** A line was longer than allowed. */
  dropped: (bytes: number) => void;
}

const NEWLINE = 10;

/** Calls `listener` with each line of a stream in UTF-8, within limits of memory and speed. */
export function readLines(stream: Readable, limits: LineLimits, listener: LineListener): void {
  let parts: Buffer[] = [];
  let length = 0;
  let secondEndsMs = 0;
  let bytesInSecond = 0;

  function add(part: Buffer): void {
    length += part.length;
    if (length > limits.maxLineBytes) parts = [];
    else if (part.length > 0) parts.push(part);
  }

  function endLine(): void {
    if (length > limits.maxLineBytes) listener.dropped(length);
    else if (length > 0) {
      const text = (parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)).toString('utf8').trimEnd();
      if (text !== '') listener.line(text);
    }
    parts = [];
    length = 0;
  }

  function throttle(bytes: number): void {
    const now = performance.now();
    if (now >= secondEndsMs) {
      secondEndsMs = now + 1_000;
      bytesInSecond = 0;
    }
    bytesInSecond += bytes;
    if (bytesInSecond <= limits.bytesPerSecond) return;
    stream.pause();
    setTimeout(() => stream.resume(), secondEndsMs - now);
  }

  stream.on('data', (chunk: Buffer) => {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, at));
      endLine();
      from = at + 1;
    }
    add(chunk.subarray(from));
    throttle(chunk.length);
  });
  stream.on('end', endLine);
  // A broken pipe is the end of the program, which its exit reports.
  stream.on('error', () => undefined);
}
