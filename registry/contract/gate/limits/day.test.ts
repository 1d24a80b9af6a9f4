import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listZoneOffsets } from '../../../access/grants/zone-offsets.ts';
import { dayOf, endOfDay } from './day.ts';

const at = (iso: string) => Date.parse(iso);
const iso = (ms: number) => new Date(ms).toISOString();

test.each([
  ['UTC', '2026-06-01T10:00:00Z', '2026-06-02T00:00:00.000Z'],
  ['Europe/Berlin', '2026-06-01T21:59:59Z', '2026-06-01T22:00:00.000Z'],
  ['Europe/Berlin', '2026-06-01T22:00:00Z', '2026-06-02T22:00:00.000Z'],
  // A day of 23 hours, and one of 25.
  ['Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00.000Z'],
  ['Europe/Berlin', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00.000Z'],
  ['America/New_York', '2026-11-01T05:59:00Z', '2026-11-02T05:00:00.000Z'],
  // Clocks skip midnight: the day ends at the change.
  ['Africa/Cairo', '2026-04-23T20:00:00Z', '2026-04-23T22:00:00.000Z'],
  // Clocks are set back at midnight: the day has 25 hours.
  ['Africa/Cairo', '2026-10-29T20:59:00Z', '2026-10-29T22:00:00.000Z'],
  ['Pacific/Kiritimati', '2026-06-01T09:59:59Z', '2026-06-01T10:00:00.000Z'],
  ['Asia/Kathmandu', '2026-06-01T18:00:00Z', '2026-06-01T18:15:00.000Z'],
  ['Australia/Lord_Howe', '2026-04-04T14:00:00Z', '2026-04-05T13:30:00.000Z'],
])('in %s the day of %s ends at %s', (zone, now, end) => {
  expect(iso(endOfDay(listZoneOffsets(zone, 2026), at(now)))).toBe(end);
});

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Africa/Cairo',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Havana',
];

test('a day is the calendar day of the zone, and it ends when the next begins', () => {
  const written = new Map(
    zones.map((timeZone) => [timeZone, new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' })]),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: at('2026-01-01'), max: at('2029-12-01') }),
      (zone, nowMs) => {
        const offsets = listZoneOffsets(zone, 2026);
        const date = (ms: number) => written.get(zone)?.format(ms);
        expect(iso(dayOf(offsets, nowMs) * 86_400_000).slice(0, 10)).toBe(date(nowMs));
        const end = endOfDay(offsets, nowMs);
        expect(end).toBeGreaterThan(nowMs);
        expect(date(end - 1)).toBe(date(nowMs));
        expect(date(end)).not.toBe(date(nowMs));
      },
    ),
    { numRuns: 2_000 },
  );
});

test('without offsets a day is that of UTC', () => {
  expect(dayOf([], at('1970-01-02T00:00:00Z'))).toBe(1);
  expect(iso(endOfDay([], at('2026-06-01T23:59:59Z')))).toBe('2026-06-02T00:00:00.000Z');
});
