import { expect, test } from 'vitest';
import { renderPlot } from './plot.ts';

test('proportional growth is a diagonal, constant values are level, and nothing leaves the plot', () => {
  const svg = renderPlot('t', 'servers', [
    {
      name: 'grows',
      points: [
        [10, 1],
        [100, 10],
        [1_000, 100],
      ],
    },
    {
      name: 'constant',
      points: [
        [10, 10],
        [1_000, 10],
      ],
    },
  ]);
  const [grows = [], constant = []] = [...svg.matchAll(/points="([^"]+)"/g)].map((found) =>
    (found[1] ?? '').split(' ').map((pair) => pair.split(',').map(Number)),
  );
  expect(grows).toEqual([
    [60, 276],
    [285, 156],
    [510, 36],
  ]);
  expect(constant.map(([, y]) => y)).toEqual([156, 156]);
});
