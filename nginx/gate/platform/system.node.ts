import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

// The parts of the platform that unit tests of pure functions need. Each character of a text is a byte (latin1).
const bytes = (text: string) => Buffer.from(text, 'latin1');

export const platform = {
  sha256Hex: (text: string) => createHash('sha256').update(bytes(text)).digest('hex'),
  createMac: (key: string) => key,
  macHex: (key: string, head: string, tail: string, count: number) =>
    createHmac('sha256', bytes(key))
      .update(bytes(head + tail))
      .digest('hex')
      .slice(0, 2 * count),
  isSame: (first: string, second: string) =>
    first.length === second.length && timingSafeEqual(bytes(first), bytes(second)),
  crc32: (text: string) => crc32(bytes(text)),
  now: () => Date.now() / 1000,
};
