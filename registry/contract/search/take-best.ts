/**
 * Gives positions one after another, the highest score first; of equal ones the lower position. Only what is taken is put in order: of thousands
 * of hits a caller wants ten.
 */
export function* takeBest(positions: number[], scores: Float64Array): Generator<number> {
  const heap = positions;
  const isBefore = (one: number, other: number): boolean => {
    const difference = (scores[one] ?? 0) - (scores[other] ?? 0);
    return difference > 0 || (difference === 0 && one < other);
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
