/** The positions of rows of known heights: `offsets[i]` is the top of row i, the last offset is the total height. */
export function layOutRows(heights: readonly number[]): number[] {
  const offsets = [0];
  let top = 0;
  for (const height of heights) offsets.push((top += height));
  return offsets;
}

/** The first row that ends below `y`; the number of rows, if none does. */
function findRow(offsets: readonly number[], y: number): number {
  let [low, high] = [0, offsets.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle + 1] ?? Infinity) > y) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Rows are added and removed in steps of this size, so that most scrolling changes nothing. */
const STEP = 4;

/** Which rows are rendered: those between `top` and `bottom` of the list and a few beyond, `first` included and `last` not. */
export function findWindow(offsets: readonly number[], top: number, bottom: number, overscan = 6): RowWindow {
  const count = offsets.length - 1;
  const first = Math.max(0, Math.floor((findRow(offsets, Math.max(0, top)) - overscan) / STEP) * STEP);
  const last = Math.min(count, Math.ceil((findRow(offsets, Math.max(0, bottom)) + 1 + overscan) / STEP) * STEP);
  return { first: Math.min(first, count), last };
}

export interface RowWindow {
  first: number;
  last: number;
}

/** The next window between `current` and `target`: at most `step` more rows on each side, so that no frame renders many. */
export function approach(current: RowWindow, target: RowWindow, step: number): RowWindow {
  const overlaps = target.first < current.last && target.last > current.first;
  if (!overlaps) {
    // From the middle, which is in view.
    const middle = Math.floor((target.first + target.last) / 2);
    return { first: Math.max(target.first, middle - step), last: Math.min(target.last, middle + step) };
  }
  return {
    first: Math.max(target.first, current.first - step),
    last: Math.min(target.last, current.last + step),
  };
}
