import { expect, it } from 'vitest';
import { describeCron } from './describe-cron.ts';

it('describes simple intervals and returns null for the rest', () => {
  expect(describeCron('*/30 * * * * *')).toBe('every 30 seconds');
  expect(describeCron('* * * * * *')).toBe('every second');
  expect(describeCron('0 */5 * * * *')).toBe('every 5 minutes');
  expect(describeCron('0 * * * * *')).toBe('every minute');
  expect(describeCron('0 0 */2 * * *')).toBe('every 2 hours');
  expect(describeCron('0 0 3 * * 1')).toBeNull();
  expect(describeCron('0 30 4 * * *')).toBeNull();
  expect(describeCron('nonsense')).toBeNull();
});
