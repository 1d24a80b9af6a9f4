import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

// What unit tests of pure parts need of the platform. Text is bytes there (latin1).
const bytes = (text: string) => Buffer.from(text, 'latin1');

export const platform = {
  sha256Hex: (text: string) => createHash('sha256').update(bytes(text)).digest('hex'),
  createMac: (key: string) => key,
  macHex: (key: string, head: string, tail: string, count: number) =>
    createHmac('sha256', bytes(key))
      .update(bytes(head + tail))
      .digest('hex')
      .slice(0, 2 * count),
  isSame: (one: string, two: string) => one.length === two.length && timingSafeEqual(bytes(one), bytes(two)),
  crc32: (text: string) => crc32(bytes(text)),
  now: () => Date.now() / 1000,
};
