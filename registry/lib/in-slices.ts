import { setImmediate } from 'node:timers/promises';

/** The event loop is held for this long, plus what `work` takes for one item. */
const SLICE_MS = 10;

/** The results of `work` for each item, in order. In between, whatever else waits in the event loop gets its turn. */
export async function mapInSlices<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  let began = performance.now();
  for (const item of items) {
    results.push(work(item));
    if (performance.now() - began < SLICE_MS) continue;
    await setImmediate();
    began = performance.now();
  }
  return results;
}
