import { expect, test } from 'vitest';
import { readLocalTime, writeLocalTime } from './local-time.ts';

test('times are shown and read in local time, to the minute; no time is empty', () => {
  const at = new Date(2026, 0, 5, 7, 9, 31);
  expect(writeLocalTime(at.toISOString())).toBe('2026-01-05T07:09');
  expect(readLocalTime('2026-01-05T07:09')).toBe(new Date(2026, 0, 5, 7, 9).toISOString());
  for (const none of ['', 'yesterday']) expect([writeLocalTime(none), readLocalTime(none)]).toEqual(['', '']);
});
