import { expect, test } from 'vitest';
import { grants as schema, isActive } from '../../contract/index.ts';
import { compileGrants } from './compile-grants.ts';

const compile = (...written: unknown[]) => compileGrants(schema.parse(written), 2026);

test('a grant without names covers all of a server; a grant with names covers only those', () => {
  const whole = { tools: ['*'], resources: ['*'], prompts: ['*'] };
  expect(compile({ server: 'a' }, { server: 'b', tools: ['x', '!y'] }, { server: 'c', effect: 'deny' })).toEqual([
    { server: 'a', ...whole },
    { server: 'b', tools: ['x', '!y'] },
    { server: 'c', ...whole, deny: true },
  ]);
});

test('hours follow the daylight saving time of the zone', () => {
  const [grant] = compile({
    server: '*',
    hours: { days: ['thu', 'mon'], from: '09:00', to: '17:30', zone: 'Europe/Berlin' },
    expiresAt: '2030-01-01T00:00:00+01:00',
  });
  expect(grant).toMatchObject({ expiresAt: Date.UTC(2029, 11, 31, 23), hours: { days: [1, 4], from: 540, to: 1_050 } });
  expect(grant?.hours?.offsets.slice(0, 3)).toEqual([
    { from: Date.UTC(2026, 0, 1) / 60_000, minutes: 60 },
    { from: Date.UTC(2026, 2, 29, 1) / 60_000, minutes: 120 },
    { from: Date.UTC(2026, 9, 25, 1) / 60_000, minutes: 60 },
  ]);
  const holds = (iso: string) => grant !== undefined && isActive(grant, Date.parse(iso));
  expect(holds('2026-01-15T08:00:00Z')).toBe(true);
  expect(holds('2026-07-16T07:00:00Z')).toBe(true);
  expect(holds('2026-07-16T15:30:00Z')).toBe(false);
  const zoneless = compile({ server: '*', hours: { days: ['mon'], from: '00:00', to: '00:00', zone: 'UTC' } });
  expect(zoneless[0]?.hours?.offsets).toEqual([{ from: Date.UTC(2026, 0, 1) / 60_000, minutes: 0 }]);
});

test.each([
  [{ server: 'a', tools: ['!x'] }, 'exclusions alone grant nothing'],
  [{ server: 'a', tools: ['!x'], effect: 'deny' }, 'so leave the'],
  [{ server: 'a', tools: [''] }, 'missing'],
  [{ server: 'a', tools: ['*', '!annotation:readOnly'] }, 'cannot be excluded'],
  [{ server: 'a', tools: ['annotation:destructive'] }, 'annotation:readOnly'],
  [{ server: 'a', prompts: ['annotation:readOnly'] }, 'only tools'],
  [{ server: 'a', tools: ['a\nb'] }, 'control characters'],
  [{ server: 'a', hours: { days: ['mon'], from: '9:00', to: '17:00', zone: 'UTC' } }, 'HH:MM'],
  [{ server: 'a', hours: { days: ['mon'], from: '09:00', to: '17:00', zone: 'Mars/Base' } }, 'IANA'],
])('%j is refused with a message that explains the rule', (written, message) => {
  expect(() => schema.parse([written])).toThrow(new RegExp(message));
});
