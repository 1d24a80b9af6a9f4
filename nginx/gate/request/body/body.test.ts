import { expect, test } from 'vitest';
import { detectEra } from './era.ts';

test('a header takes precedence over the body for the era', () => {
  expect(detectEra(undefined, undefined)).toBe('legacy');
  expect(detectEra('2025-11-25', '2026-07-28')).toBe('legacy');
  expect(detectEra('2026-07-28', undefined)).toBe('modern');
  expect(detectEra(undefined, '2026-07-28')).toBe('modern');
  expect(detectEra('DRAFT-2026', undefined)).toBe('legacy');
});
