import { expect, test } from 'vitest';
import { describeCause } from './describe-cause.ts';

test('describes the cause of a publish', () => {
  expect(describeCause('server.registered team/search')).toBe('Server team/search registered');
  expect(describeCause('settings.changed')).toBe('Settings changed');
  expect(describeCause('A name has another address')).toBe('A name has another address');
});
