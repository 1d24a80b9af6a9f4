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

test('no line passes unread that is several to some clients', () => {
  const keep = (data: string) => (data.startsWith('{') ? data : undefined);
  for (const end of ['\v', '\x1e', '\xc2\x85', '\xe2\x80\xa8', '\xe2\x80\xa9']) {
    const hidden = `c${end}data: {}${end}${end}`;
    expect(rewriteEvent(`: ${hidden}\n\n`, keep)).toBe('\n');
    expect(rewriteEvent(`id: ${hidden}\nevent: message\n\n`, keep)).toBe('event: message\n\n');
    expect(rewriteEvent(`event: ${hidden}\nid: 1\ndata: {}\n\n`, keep)).toBe('id: 1\ndata: {}\n\n');
    expect(rewriteEvent(`event: endpoint\ndata: /${hidden}\n\n`, keep)).toBe('');
    // In JSON it can only be within a text, and what follows is none to such a client.
    expect(rewriteEvent(`data: {"a":"${end}"}\n\n`, keep)).toBe(`data: {"a":"${end}"}\n\n`);
  }
});
