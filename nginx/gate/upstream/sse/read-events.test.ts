import { expect, test } from 'vitest';
import { createEventReader, readEvents } from './read-events.ts';

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
