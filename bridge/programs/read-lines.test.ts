import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { waitFor } from '../../test/support/wait-for.ts';
import { readLines } from './read-lines.ts';

function read(limits: { maxLineBytes: number; bytesPerSecond: number }) {
  const stream = new PassThrough();
  const seen: (string | number)[] = [];
  readLines(stream, limits, { line: (text) => seen.push(text), dropped: (bytes) => seen.push(bytes) });
  return { stream, seen };
}

test('lines are complete for any chunks; the last one needs no newline', async () => {
  const { stream, seen } = read({ maxLineBytes: 100, bytesPerSecond: 1_000_000 });
  for (const chunk of ['on', 'e\r\n\nt', 'wo\nthr']) stream.write(chunk);
  stream.write(Buffer.from('größe\n').subarray(0, 3));
  stream.end(Buffer.from('größe\n').subarray(3, 7));
  await waitFor('the last line', () => seen.length === 3);
  expect(seen).toEqual(['one', 'two', 'thrgröße']);
});

test('a line that is too long is dropped, and the following lines are read', async () => {
  const { stream, seen } = read({ maxLineBytes: 10, bytesPerSecond: 1_000_000 });
  stream.write('x'.repeat(15));
  stream.write(`${'x'.repeat(15)}\nshort\n`);
  await waitFor('the lines', () => seen.length === 2);
  expect(seen).toEqual([30, 'short']);
});

test('a flood is read no faster than allowed', async () => {
  const { stream, seen } = read({ maxLineBytes: 100, bytesPerSecond: 50 });
  for (let line = 0; line < 20; line += 1) stream.write(`${'y'.repeat(9)}\n`);
  await waitFor('a pause', () => stream.isPaused());
  expect(seen.length).toBeLessThan(20);
  await waitFor('all lines', () => seen.length === 20);
});
