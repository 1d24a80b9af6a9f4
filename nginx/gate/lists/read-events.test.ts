import { expect, test } from 'vitest';
import { createEventReader, readEvents, rewriteEvent } from './read-events.ts';

const STREAM = 'event: message\nid: 1\ndata: {"a":1}\n\n: comment\n\ndata: x\r\n\r\ndata: y\r\rdata\ndata: z\n\nlast';
const EVENTS = ['event: message\nid: 1\ndata: {"a":1}\n\n', ': comment\n\n', 'data: x\r\n\r'];

function readAll(pieces: string[]): { events: string[]; held: string } {
  const reader = createEventReader();
  const events = pieces.flatMap((piece) => readEvents(reader, piece));
  return { events, held: reader.held.join('') };
}

test('events are the same wherever the stream is split', () => {
  const whole = readAll([STREAM]);
  expect(whole.events.slice(0, 3)).toEqual(EVENTS);
  expect(whole.events.length).toBe(5);
  expect(whole.events.join('') + whole.held).toBe(STREAM);
  for (let at = 1; at < STREAM.length; at += 1) {
    const split = readAll([STREAM.slice(0, at), STREAM.slice(at)]);
    expect(split.events.length, String(at)).toBe(5);
    expect(split.events.join('') + split.held).toBe(STREAM);
  }
  expect(readAll([...STREAM]).events).toEqual(whole.events);
});

test('data is rewritten over all its lines, and everything else stays', () => {
  const upper = (data: string) => data.toUpperCase();
  expect(rewriteEvent('id: 1\r\ndata: a\r\ndata:b\r\n\r\n', upper)).toBe('id: 1\ndata: A\ndata: B\n\n');
  expect(rewriteEvent('\n', upper)).toBe('\n');
  expect(rewriteEvent('id: 1\ndata:\n\n', upper)).toBe('id: 1\ndata:\n\n');
  expect(rewriteEvent('data: A\n\n', upper)).toBe('data: A\n\n');
  expect(rewriteEvent('\xef\xbb\xbfdata: a\n\n', upper)).toBe('data: A\n\n');
  expect(rewriteEvent('event: endpoint\ndata: /messages?x=1\n\n', upper)).toContain('/messages?x=1');
  expect(rewriteEvent('data: a\n\n', () => undefined)).toBe('');
});
