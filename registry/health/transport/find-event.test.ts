import { expect, test } from 'vitest';
import { findEvent } from './find-event.ts';

async function* stream(...chunks: string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
}
const endpointOf = (...chunks: string[]) =>
  findEvent(stream(...chunks), 1_000, ({ event, data }) => (event === 'endpoint' ? data : undefined));

test('an event is found with any line ends and in any chunks', async () => {
  for (const end of ['\n', '\r\n', '\r']) {
    const text = `: hello${end}${end}event: endpoint${end}data: /message?s=1${end}${end}`;
    expect(await endpointOf(text)).toBe('/message?s=1');
    expect(await endpointOf(...Array.from(text))).toBe('/message?s=1');
  }
  expect(await endpointOf('event:endpoint\ndata:/m\n\n')).toBe('/m');
  expect(await endpointOf('event: endpoint\ndata: /m\ndata: n\n\n')).toBe('/m\nn');
  expect(await endpointOf('event: message\ndata: {}\n\n')).toBeUndefined();
  expect(await endpointOf('')).toBeUndefined();
});

test('no more is read than is needed or allowed', async () => {
  let chunks = 0;
  async function* endless(text: string): AsyncGenerator<Uint8Array> {
    for (;;) {
      chunks += 1;
      yield await Promise.resolve(Buffer.from(text));
    }
  }
  expect(await findEvent(endless('data: 1\n\n'), 1_000, ({ data }) => data)).toBe('1');
  expect(chunks).toBe(1);
  chunks = 0;
  expect(await findEvent(endless(': 12345678'), 1_000, ({ data }) => data)).toBeUndefined();
  expect(chunks).toBe(101);
});
