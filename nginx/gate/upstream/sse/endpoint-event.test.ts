import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rewriteEndpointEvent } from './endpoint-event.ts';
import { createEventReader, readEvents } from './read-events.ts';

/** Feeds a stream in pieces, as the body filter does; undefined: it would be ended. */
function feed(pieces: string[]): string | undefined {
  const reader = createEventReader();
  let out = '';
  let isFound = false;
  for (const event of pieces.flatMap((piece) => readEvents(reader, piece))) {
    const judged = rewriteEndpointEvent(event, (written) => (written.startsWith('/m') ? `/p${written}&t` : undefined));
    if (isFound) out += event;
    else if (judged.endpoint === 'refused') return undefined;
    else if (judged.endpoint === 'found') {
      out += judged.text;
      isFound = true;
    }
  }
  return out + reader.held.join('');
}

const LATER = 'event: message\ndata: /m?x\n\ndata: /m\n\n';

const WRITTEN = 'event: endpoint\ndata: /p/m?s=1&t\n\n';
/** With the last LF of the original stream. */
const CRLF = `${WRITTEN.replaceAll('\n', '\r\n')}\n`;

test.each([
  ['event: endpoint\ndata: /m?s=1\n\n', WRITTEN],
  ['event: endpoint\r\ndata: /m?s=1\r\n\r\n', CRLF],
  ['event:endpoint\ndata:/m?s=1\n\n', WRITTEN],
  ['event: endpoint\rdata: /m?s=1\r\r', WRITTEN],
  [': hello\n\nretry: 5\nevent: endpoint\nid: 1\ndata: /m?s=1\n\n', WRITTEN],
  ['data: /m?s=1\nevent: endpoint\n\n', WRITTEN],
  ['event: other\ndata: /m\n\nevent: endpoint\ndata: /m?s=1\n\n', WRITTEN],
  ['\xef\xbb\xbfevent: endpoint\ndata: /m?s=1\n\n', WRITTEN],
  ['event:\t endpoint \ndata: /m?s=1\n\n', WRITTEN],
  // Clients that do not split at CR find no data in it.
  ['event: endpoint\n: c\rdata: /m?s=1\n\n', WRITTEN],
  ['data: x\r\revent: endpoint\ndata: /m?s=1\n\n', WRITTEN],
])('%j becomes %j, and nothing after it changes', (stream, expected) => {
  expect(feed([stream + LATER])).toBe(expected + LATER);
});

test('the result is the same wherever the stream is split', () => {
  const stream = ': c\r\n\r\nevent: endpoint\r\ndata: /m?s=1\r\n\r\n' + LATER;
  const expected = CRLF + LATER;
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 6 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), stream.length];
      expect(feed(at.slice(1).map((end, index) => stream.slice(at[index], end)))).toBe(expected);
    }),
  );
});

test.each([
  ': c\vevent: endpoint\vdata: /m\v\v\n\nevent: endpoint\ndata: /m\n\n',
  'event: endpoint\n: c\xc2\x85data: /m\ndata: /m\n\n',
  'event: endpoint\nid: c\xe2\x80\xa8data: /m\ndata: /m\n\n',
])('a start that some clients split into more lines ends the stream: %j', (stream) => {
  expect(feed([stream])).toBeUndefined();
});

// Some client reads an endpoint event earlier than the gate, or where the gate reads none.
test.each([
  'event: endpoint\n\ndata: /m\n\n',
  'event: endpoint\ndata\n\n',
  'event: \xe3\x80\x80endpoint\ndata: /m\n\n',
  'event:\x01endpoint\ndata: /m\n\n',
  ' event: endpoint\ndata: /m\n\n',
  'event : endpoint\ndata: /m\n\n',
  '\xc3\xaf\xc2\xbb\xc2\xbfevent: endpoint\ndata: /m\n\n',
])('a name that only some clients recognize ends the stream: %j', (stream) => {
  expect(feed([stream])).toBeUndefined();
});

test.each(['data: /elsewhere', 'data: https://elsewhere.example/\ndata: /m', 'data\ndata: /m'])(
  'an address that no client may use ends the stream, in several lines too: %j',
  (data) => {
    expect(feed([`: c\n\nevent: endpoint\n${data}\n\n`])).toBeUndefined();
  },
);
