import { expect, test } from 'vitest';
import { rewriteEvent } from './rewrite-event.ts';

test('data is rewritten over all its lines, and everything else stays', () => {
  const upper = (data: string) => data.toUpperCase();
  expect(rewriteEvent('id: 1\r\ndata: a\r\ndata:b\r\n\r\n', upper)).toBe('id: 1\ndata: A\ndata: B\n\n');
  expect(rewriteEvent('\n', upper)).toBe('\n');
  expect(rewriteEvent('id: 1\ndata:\n\n', upper)).toBe('id: 1\ndata:\n\n');
  expect(rewriteEvent('data: A\n\n', upper)).toBe('data: A\n\n');
  expect(rewriteEvent('\xef\xbb\xbfdata: a\n\n', upper)).toBe('data: A\n\n');
  expect(rewriteEvent('event: endpoint\ndata: /messages?x=1\n\n', () => undefined)).toContain('/messages?x=1');
  expect(rewriteEvent('event: endpoint\ndata: a\n\n', upper)).toBe('event: endpoint\ndata: A\n\n');
  for (const data of ['{"tools":NaN}', '/*x*/{}', '//x'])
    expect(rewriteEvent(`event: endpoint\ndata: ${data}\n\n`, () => undefined)).toBe('');
  expect(rewriteEvent('data: a\n\n', () => undefined)).toBe('');
});
