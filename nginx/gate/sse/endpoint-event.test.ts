import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rewriteStart } from './endpoint-event.ts';

/** Feeds a stream in pieces, as the body filter does. */
function feed(pieces: string[]): string {
  let held = '';
  let out = '';
  let isFound = false;
  for (const piece of pieces) {
    if (isFound) {
      out += piece;
      continue;
    }
    const start = rewriteStart(held + piece, (written) => (written.startsWith('/m') ? `/p${written}&t` : undefined));
    out += start.ready;
    held = start.held;
    isFound = start.isFound;
  }
  return out + held;
}

const LATER = 'event: message\ndata: /m?x\n\ndata: /m\n\n';

test.each([
  ['event: endpoint\ndata: /m?s=1\n\n', 'event: endpoint\ndata: /p/m?s=1&t\n\n'],
  ['event: endpoint\r\ndata: /m?s=1\r\n\r\n', 'event: endpoint\r\ndata: /p/m?s=1&t\r\n\r\n'],
  ['event:endpoint\ndata:/m?s=1\n\n', 'event:endpoint\ndata:/p/m?s=1&t\n\n'],
  ['event: endpoint\rdata: /m?s=1\r\r', 'event: endpoint\rdata: /p/m?s=1&t\r\r'],
  [
    ': hello\n\nretry: 5\nevent: endpoint\nid: 1\ndata: /m?s=1\n\n',
    ': hello\n\nretry: 5\nevent: endpoint\nid: 1\ndata: /p/m?s=1&t\n\n',
  ],
  ['data: /m?s=1\nevent: endpoint\n\n', 'data: /p/m?s=1&t\nevent: endpoint\n\n'],
  [
    'event: other\ndata: /m\n\nevent: endpoint\ndata: /m?\n\n',
    'event: other\ndata: /m\n\nevent: endpoint\ndata: /p/m?&t\n\n',
  ],
  ['event: endpoint\ndata: /elsewhere\n\n', 'event: endpoint\ndata: /elsewhere\n\n'],
])('%j becomes %j, and nothing after it changes', (stream, wanted) => {
  expect(feed([stream + LATER])).toBe(wanted + LATER);
});

test('wherever the stream is split', () => {
  const stream = ': c\r\n\r\nevent: endpoint\r\ndata: /m?s=1\r\n\r\n' + LATER;
  const wanted = stream.replace('/m?s=1', '/p/m?s=1&t');
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 6 }), (cuts) => {
      const at = [0, ...cuts.sort((one, other) => one - other), stream.length];
      expect(feed(at.slice(1).map((end, index) => stream.slice(at[index], end)))).toBe(wanted);
    }),
  );
});
