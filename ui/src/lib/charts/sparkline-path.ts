/**
 * The path of a line through `values`, oldest first, in a box of `width` × `height`; a null is a gap. Scaled from zero, so that a small
 * wobble does not look like a mountain.
 */
export function drawSparkline(values: readonly (number | null)[], width: number, height: number): string {
  const most = Math.max(1, ...values.filter((value) => value !== null));
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  let path = '';
  let drawing = false;
  values.forEach((value, index) => {
    if (value === null) {
      drawing = false;
      return;
    }
    const x = (index * step).toFixed(1);
    const y = (height - 1 - (value / most) * (height - 2)).toFixed(1);
    path += `${drawing ? 'L' : 'M'}${x} ${y}`;
    // A lone point between two gaps would be invisible without a length.
    if (!drawing && (values[index + 1] ?? null) === null) path += 'h0.5';
    drawing = true;
  });
  return path;
}
