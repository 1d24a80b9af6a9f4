// @vitest-environment jsdom
import { render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import CheckTimeline from './CheckTimeline.svelte';

const check = (at: string, latencyMs: number | null) => ({
  at,
  health: latencyMs === null ? ('unhealthy' as const) : ('healthy' as const),
  latencyMs,
  problem: null,
});

it('draws the latency of a check above its bar, with a unit, and leaves a gap for a missing value', () => {
  const checks = [
    check('2026-11-30T12:00:02Z', 20),
    check('2026-11-30T12:00:01Z', null),
    check('2026-11-30T12:00:00Z', 40),
  ];
  const { container } = render(CheckTimeline, { checks });
  const line = screen.getByRole('img', { name: 'Latency of the checks below, at most 40 ms' });
  const path = line.querySelector('path');
  expect(path?.getAttribute('transform')).toBe('translate(2 0)');
  const drawn = [...(path?.getAttribute('d') ?? '').matchAll(/M([\d.]+) /g)].map(([, x]) => Number(x) + 2);
  const middles = [...container.querySelectorAll('.bar:not(.empty)')].map((bar) => {
    const [x, width] = ['x', 'width'].map((name) => Number(bar.getAttribute(name)));
    return (x ?? 0) + (width ?? 0) / 2;
  });
  expect(middles).toHaveLength(3);
  expect(drawn).toEqual([middles[0], middles[2]]);
  screen.getByText('Last 3 checks: 2 healthy, 1 unhealthy');
});
