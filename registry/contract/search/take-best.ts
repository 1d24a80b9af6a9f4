/**
 * Yields positions by descending score, equal scores by ascending position. Only those that are taken are sorted: of thousands of hits a caller
 * needs ten.
 */
export function* takeBest(positions: number[], scores: Float64Array): Generator<number> {
  const heap = positions;
  const isBefore = (first: number, second: number): boolean => {
    const difference = (scores[first] ?? 0) - (scores[second] ?? 0);
    return difference > 0 || (difference === 0 && first < second);
  };

  function sink(from: number): void {
    const moved = heap[from] ?? 0;
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] ?? 0, heap[child] ?? 0)) child += 1;
      if (!isBefore(heap[child] ?? 0, moved)) break;
      heap[at] = heap[child] ?? 0;
      at = child;
    }
    heap[at] = moved;
  }

  for (let at = (heap.length >>> 1) - 1; at >= 0; at -= 1) sink(at);
  while (heap.length > 0) {
    const best = heap[0] ?? 0;
    const last = heap.pop() ?? 0;
    if (heap.length > 0) {
      heap[0] = last;
      sink(0);
    }
    yield best;
  }
}
