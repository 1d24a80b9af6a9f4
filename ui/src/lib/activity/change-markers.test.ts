import type { AuditEntry } from '@mcpgw/registry/contract';
import { expect, it } from 'vitest';
import { markChanges } from './change-markers.ts';

const entry = (at: string, action: string) =>
  ({ at: `2026-11-21T${at}Z`, action, target: 'weather', actor: { kind: 'user', name: 'ada' } }) as AuditEntry;

it('marks the steps in which something was changed', () => {
  const entries = [
    entry('12:02:59', 'server.changed'),
    entry('12:02:01', 'server.disabled'),
    entry('12:00:30', 'server.registered'),
    entry('12:01:00', 'user.created'),
    entry('11:59:59', 'server.changed'),
  ];
  const markers = markChanges(entries, { from: '2026-11-21T12:00:00Z', stepS: 60, points: Array(3).fill(0) });
  expect(markers.map(({ bar }) => bar)).toEqual([0, 2]);
  expect(markers[1]?.label).toMatch(/Server changed: weather, by ada; .*Server disabled: weather, by ada/);
});
