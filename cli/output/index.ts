export { plural, showMs, showTime } from './format.ts';
export { createOutput, type Output } from './output.ts';
export { withProgress } from './progress.ts';
export { colourOf, paint, type Colour } from './style.ts';
export { toSafeJson } from './safe-text.ts';
export type { Cell, Column } from './table.ts';
