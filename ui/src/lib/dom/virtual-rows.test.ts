import { expect, it } from 'vitest';
import { approach, findWindow, layOutRows } from './virtual-rows.ts';

const offsets = layOutRows(Array.from({ length: 1_000 }, (_, index) => (index % 10 === 0 ? 80 : 50)));

it('lays rows out one below the other', () => {
  expect(layOutRows([])).toEqual([0]);
  expect(layOutRows([80, 50, 50])).toEqual([0, 80, 130, 180]);
  expect(offsets.at(-1)).toBe(53_000);
});

it('renders the rows in view and a few beyond', () => {
  const atTop = findWindow(offsets, 0, 900);
  expect(atTop.first).toBe(0);
  expect(offsets[atTop.last]).toBeGreaterThan(900);
  expect(atTop.last).toBeLessThan(32);
  const middle = findWindow(offsets, 26_500, 27_400);
  expect(offsets[middle.first]).toBeLessThanOrEqual(26_500);
  expect(offsets[middle.last]).toBeGreaterThan(27_400);
  expect(middle.last - middle.first).toBeLessThan(40);
  expect(findWindow(offsets, 60_000, 61_000).last).toBe(1_000);
  expect(findWindow([0], 0, 900)).toEqual({ first: 0, last: 0 });
});

it('does not change when scrolling by less than a few rows', () => {
  expect(findWindow(offsets, 26_510, 27_410)).toEqual(findWindow(offsets, 26_500, 27_400));
});

it('approaches a distant window in steps, from its middle', () => {
  let view = { first: 0, last: 24 };
  const steps = [];
  while (view.first !== 500 || view.last !== 528) steps.push((view = approach(view, { first: 500, last: 528 }, 6)));
  expect(steps).toEqual([
    { first: 508, last: 520 },
    { first: 502, last: 526 },
    { first: 500, last: 528 },
  ]);
  expect(approach({ first: 0, last: 24 }, { first: 4, last: 28 }, 6)).toEqual({ first: 4, last: 28 });
});
