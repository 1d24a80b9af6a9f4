import { expect, test } from 'vitest';
import { writePage } from './write-page.ts';

const read = (bytes: Buffer) => JSON.parse(bytes.toString('utf8')) as unknown;

test('a page is written as JSON.stringify writes it', () => {
  for (const page of [
    { items: [] },
    { items: [{ name: 'grüße “x” 日本 \ud83d\ude00' }], nextCursor: 'a"b' },
    { items: [{ a: 1 }, { b: undefined, c: null }, { d: [1, 2] }] },
  ])
    expect(writePage(page).toString('utf8')).toBe(JSON.stringify(page));
});

test('only the very same items are given as they were written', () => {
  const [a, b] = [{ n: 1 }, { n: 2 }];
  const first = writePage({ items: [a, b] });
  expect(writePage({ items: [a, b] })).toBe(first);
  expect(read(writePage({ items: [a] }))).toEqual({ items: [a] });
  expect(read(writePage({ items: [a, b], nextCursor: 'x' }))).toEqual({ items: [a, b], nextCursor: 'x' });
  expect(read(writePage({ items: [b, a] }))).toEqual({ items: [b, a] });
  expect(read(writePage({ items: [a, { n: 3 }] }))).toEqual({ items: [a, { n: 3 }] });
});
