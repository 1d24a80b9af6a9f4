/**
 * The SVG path of a line through `values`, oldest first, in a box of `width` × `height`; a null is a gap. The scale starts at zero, so
 * that small variations look small.
 */
export function sparklinePath(values: readonly (number | null)[], width: number, height: number): string {
  const max = Math.max(1, ...values.filter((value) => value !== null));
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  let path = '';
  let drawing = false;
  values.forEach((value, index) => {
    if (value === null) {
      drawing = false;
      return;
    }
    const x = (index * step).toFixed(1);
    const y = (height - 1 - (value / max) * (height - 2)).toFixed(1);
    path += `${drawing ? 'L' : 'M'}${x} ${y}`;
    // A single point between two gaps needs a length to be visible.
    if (!drawing && (values[index + 1] ?? null) === null) path += 'h0.5';
    drawing = true;
  });
  return path;
}
