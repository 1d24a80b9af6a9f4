import { expect, test } from 'vitest';
import { rewriteEvent } from './rewrite-event.ts';

test('data is rewritten across all its lines, and everything else is unchanged', () => {
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

test('no line that some clients read as several passes unread', () => {
  const keep = (data: string) => (data.startsWith('{') ? data : undefined);
  for (const end of ['\v', '\x1e', '\xc2\x85', '\xe2\x80\xa8', '\xe2\x80\xa9']) {
    const hidden = `c${end}data: {}${end}${end}`;
    expect(rewriteEvent(`: ${hidden}\n\n`, keep)).toBe('\n');
    expect(rewriteEvent(`id: ${hidden}\nevent: message\n\n`, keep)).toBe('event: message\n\n');
    expect(rewriteEvent(`event: ${hidden}\nid: 1\ndata: {}\n\n`, keep)).toBe('id: 1\ndata: {}\n\n');
    expect(rewriteEvent(`event: endpoint\ndata: /${hidden}\n\n`, keep)).toBe('');
    // In JSON it can only be within a string, and what follows is not JSON to such a client.
    expect(rewriteEvent(`data: {"a":"${end}"}\n\n`, keep)).toBe(`data: {"a":"${end}"}\n\n`);
  }
});

// Lines that Go clients read as one, since they do not split at CR, and lines from which the TypeScript SDK removes a mark of three characters.
test('no data passes unread in a line that only some clients split', () => {
  const keep = (data: string) => (data.includes('tools') ? undefined : data);
  const list = '{"result":{"tools":[]}}';
  expect(rewriteEvent(`data:\r${list}\n\n`, keep)).toBe('\n');
  expect(rewriteEvent(`id: 1\ndata: {"id":1,\r"result":{"tools":[]},\ndata: "x":1}\n\n`, keep)).toBe(
    'id: 1\ndata: {"id":1,\ndata: "x":1}\n\n',
  );
  for (const mark of ['\xc3\xaf\xc2\xbb\xc2\xbf', ' ', '\0', '\xef\xbb\xbf\xef\xbb\xbf'])
    expect(rewriteEvent(`${mark}data: ${list}\n\n`, keep)).toBe('\n');
  for (const line of [list, `Data: ${list}`, `data : ${list}`, `x: ${list}`])
    expect(rewriteEvent(`${line}\ndata: {}\n\n`, keep)).toBe('data: {}\n\n');
  for (const whole of ['event: message\r\nid: 1\r\ndata: {}\r\n\r', ': c\nretry: 5\nevent\n\n'])
    expect(rewriteEvent(whole, keep)).toBe(whole);
});
