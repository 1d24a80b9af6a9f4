import { expect, test } from 'vitest';
import type { ServerRecord } from '../../access/records/index.ts';
import { keepApproved } from './approved.ts';

test('what is remembered of the definitions of a server is bounded, however many it lists', () => {
  const server = { tools: { a: 'x' }, derived: {} as Record<string, unknown> };
  for (let n = 0; n < 1_000; n += 1) {
    const definition = JSON.stringify({ name: 'a', description: `${n}`.padEnd(60_000, 'x') });
    expect(keepApproved(server as unknown as ServerRecord, 'a', definition)).toBeUndefined();
  }
  const { byDefinition } = server.derived['seen'] as { byDefinition: Record<string, unknown> };
  const kept = Object.keys(byDefinition);
  expect(kept.length).toBeGreaterThan(10);
  expect(kept.join('').length).toBeLessThanOrEqual(2_097_152);
});
