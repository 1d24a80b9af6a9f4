import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { writeAnimation } from './write-animation.ts';

const still = readFileSync('docs/screenshots/servers-light.webp');

test('still pictures become the frames of one file, each with its duration', () => {
  const size = { width: 1440, height: 900 };
  const animation = writeAnimation(
    [
      { webp: still, durationMs: 1_500 },
      { webp: still, durationMs: 300 },
    ],
    size,
  );
  expect(animation.readUInt32LE(4)).toBe(animation.length - 8);
  const text = animation.toString('latin1');
  expect(text.startsWith('RIFF') && text.startsWith('WEBPVP8X', 8)).toBe(true);
  expect(animation.readUIntLE(24, 3) + 1).toBe(size.width);
  const frames = [...text.matchAll(/ANMF/g)].map(({ index }) => animation.readUIntLE(index + 8 + 12, 3));
  expect(frames).toEqual([1_500, 300]);
  expect(animation.length).toBeGreaterThan(2 * (still.length - 1_000));
});

test('data that is not a picture is refused', () => {
  expect(() =>
    writeAnimation([{ webp: Buffer.from('nonsense and more'), durationMs: 1 }], { width: 1, height: 1 }),
  ).toThrow('not a WebP');
});
