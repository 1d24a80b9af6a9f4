import { expect, test } from 'vitest';
import type { ServerRecord } from '../../access/records/index.ts';
import { keepApproved } from './approved.ts';

test('the cache of definitions of a server is limited, however many it lists', () => {
  const server = { tools: { a: 'x' }, derived: {} as Record<string, unknown> };
  for (let n = 0; n < 1_000; n += 1) {
    const definition = JSON.stringify({ name: 'a', description: `${n}`.padEnd(60_000, 'x') });
    expect(keepApproved(server as unknown as ServerRecord, 'a', definition)).toBeUndefined();
  }
  const { byDefinition } = server.derived['seen'] as { byDefinition: Record<string, unknown> };
  const cached = Object.keys(byDefinition);
  expect(cached.length).toBeGreaterThan(10);
  expect(cached.join('').length).toBeLessThanOrEqual(2_097_152);
});
