import { expect, test } from 'vitest';
import { mapInSlices } from './in-slices.ts';

/** Blocks the event loop as a large tool would. */
function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test('the results are in order, and other work gets its turn between any two long items', async () => {
  const order: string[] = [];
  const running = new AbortController();
  const others = (async () => {
    while (!running.signal.aborted) {
      order.push('other');
      await new Promise(setImmediate);
    }
  })();
  const results = await mapInSlices([1, 2, 3, 4], (n) => {
    order.push(`item ${n}`);
    block(15);
    return n * 2;
  });
  running.abort();
  await others;
  expect(results).toEqual([2, 4, 6, 8]);
  for (let n = 1; n < 4; n += 1)
    expect(order.slice(order.indexOf(`item ${n}`), order.indexOf(`item ${n + 1}`))).toContain('other');
});

test('of several lists at the same time, one slice is processed per turn of the event loop', async () => {
  const order: string[] = [];
  const work = (list: string) => (n: number) => {
    order.push(`${list}${n}`);
    block(15);
  };
  await Promise.all([mapInSlices([1, 2, 3], work('large')), mapInSlices([1], work('small'))]);
  expect(order).toEqual(['large1', 'small1', 'large2', 'large3']);
});
