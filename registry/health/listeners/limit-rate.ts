import { setTimeout as wait } from 'node:timers/promises';

/** What a server may send at once, and its rate afterwards: notifications of changes are about 80 bytes, a few a day. */
const BURST_BYTES = 16 * 1024;
const BYTES_PER_S = 2 * 1024;

/** A stream that passes everything but reads no faster than a few notifications a second; TCP slows down a faster sender. */
export function limitRate(signal: AbortSignal): TransformStream<Uint8Array, Uint8Array> {
  let budget = BURST_BYTES;
  let countedAt = performance.now();
  return new TransformStream({
    async transform(chunk, controller) {
      controller.enqueue(chunk);
      const now = performance.now();
      budget = Math.min(BURST_BYTES, budget + ((now - countedAt) / 1_000) * BYTES_PER_S) - chunk.byteLength;
      countedAt = now;
      if (budget < 0)
        await wait((-budget / BYTES_PER_S) * 1_000, undefined, { signal, ref: false }).catch(() => undefined);
    },
  });
}
