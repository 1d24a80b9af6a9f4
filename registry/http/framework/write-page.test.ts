import { expect, test } from 'vitest';
import type { Page } from '../../contract/index.ts';
import { writePage } from './write-page.ts';

test('a page is written as JSON.stringify writes it', () => {
  const pages: Page<object>[] = [
    { items: [] },
    { items: [{ name: 'grüße “x” 日本 \ud83d\ude00' }], nextCursor: 'a"b' },
    { items: [{ a: 1 }, { b: undefined, c: null }, { d: [1, 2] }] },
  ];
  for (const page of pages)
    expect(writePage(page, (item) => Buffer.from(JSON.stringify(item))).toString('utf8')).toBe(JSON.stringify(page));
});
