import { expect, test } from 'vitest';
import { renderPlot } from './plot.ts';

test('what grows tenfold climbs as far as its x goes, what stays is level, and nothing leaves the plot', () => {
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
      name: 'stays',
      points: [
        [10, 10],
        [1_000, 10],
      ],
    },
  ]);
  const [grows = [], stays = []] = [...svg.matchAll(/points="([^"]+)"/g)].map((found) =>
    (found[1] ?? '').split(' ').map((pair) => pair.split(',').map(Number)),
  );
  expect(grows).toEqual([
    [60, 276],
    [285, 156],
    [510, 36],
  ]);
  expect(stays.map(([, y]) => y)).toEqual([156, 156]);
});
