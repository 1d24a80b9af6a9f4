import { expect, test } from 'vitest';
import { limitRate } from './limit-rate.ts';

test('a flood is read until the burst is used up and then throttled; closing ends the wait', async () => {
  const closing = new AbortController();
  const chunk = new Uint8Array(4 * 1024);
  let sent = 0;
  const flood = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1;
      // An endless sender: without a limit reading would never stop.
      if (sent > 10_000) controller.error(new Error('the flood was read'));
      else controller.enqueue(chunk);
    },
  });
  const reader = flood.pipeThrough(limitRate(closing.signal)).getReader();
  for (let n = 0; n < 5; n += 1) expect((await reader.read()).value?.byteLength).toBe(chunk.byteLength);
  for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
  expect(sent).toBeLessThan(20);
  closing.abort();
  await reader.cancel();
});
