import fc from 'fast-check';
import { expect, test } from 'vitest';
import { namesEndpoint, watchLines } from './watch-lines.ts';

function isNamed(pieces: string[]): boolean {
  const watch = watchLines();
  return pieces.some((piece) => namesEndpoint(watch, piece));
}

const NAMED = [
  'event: endpoint\n',
  'event:endpoint\n',
  'data: x\n\nevent: endpoint\ndata: /other\n\n',
  'data: x\r\revent:endpoint\r',
  'data: /m\nevent: \t endpoint \n',
  `${'data: a longer line, so that the beginning is left behind\n'.repeat(20)}event: endpoint\n`,
  `event:${' '.repeat(600)}endpoint\n`,
  // Separate lines to Python's str.splitlines.
  ...['\v', '\f', '\x1c', '\x1d', '\x1e', '\xc2\x85', '\xe2\x80\xa8', '\xe2\x80\xa9'].map(
    (end) => `: c${end}event: endpoint${end}`,
  ),
  `: c\xe2\x80\xa8event:${' '.repeat(242)}endpoint\n`,
  // Ignored by some clients: a byte order mark, also one that was encoded twice; Unicode blanks, control characters.
  ...['\xef\xbb\xbf', '\xc3\xaf\xc2\xbb\xc2\xbf', ' ', '\t', '\x1f'].map((blank) => `${blank}event: endpoint\n`),
  ...['\xe3\x80\x80', '\xc2\xa0', '\x01', '\x7f'].map((blank) => `data: x\n\nevent:${blank}endpoint\n`),
  'event : endpoint\n',
  `event${'\xc2\xa0'.repeat(300)}:endpoint\n`,
];
const OTHER = [
  'data: endpoint\n\n',
  'endpoint',
  'data: event: endpoint\n\n',
  `data: ${'{"event: endpoint", '.repeat(100)}\n\n`,
  'event: message\ndata: {"text":"\\nevent: endpoint"}\n\n',
  'event: endpoin\ndata: t\n\n',
  'xevent: endpoint\n',
  'event: x endpoint\n',
  ': c\x1fevent: endpoint\n',
  ': caf\xc3\xa9\xc3\xa8event: endpoint\n',
  ': \xe2\x82\xa8\x85event: endpoint\n',
];

test.each(NAMED)('%j names the event, wherever it is split', (stream) => {
  expect(isNamed([stream])).toBe(true);
  expect(isNamed([...stream])).toBe(true);
  for (let at = 1; at < stream.length; at += 1) expect(isNamed([stream.slice(0, at), stream.slice(at)])).toBe(true);
});

test.each(OTHER)('%j does not name the event, wherever it is split', (stream) => {
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 6 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), stream.length];
      expect(isNamed(at.slice(1).map((end, index) => stream.slice(at[index], end)))).toBe(false);
    }),
  );
  expect(isNamed([...stream])).toBe(false);
});
