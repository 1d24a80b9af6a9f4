import { setImmediate } from 'node:timers/promises';
import { createKeyedMutex } from './keyed-mutex.ts';

/** The event loop is blocked for this long, plus what `work` takes for one item. */
const SLICE_MS = 10;

/** One slice per turn of the event loop for all callers: otherwise slices of many lists would follow each other without a pause. */
const slices = createKeyedMutex();

/**
 * The results of `work` for each item, in order. Between slices other work in the event loop runs, and lists that are processed at the
 * same time alternate, so that a large one does not delay a small one.
 */
export async function mapInSlices<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  while (results.length < items.length)
    await slices.run('slice', async () => {
      const began = performance.now();
      do results.push(work(items[results.length] as Item));
      while (results.length < items.length && performance.now() - began < SLICE_MS);
      await setImmediate();
    });
  return results;
}
