import { expect, test } from 'vitest';
import { hold, MAX_BYTES, release, type Held } from './held-bytes.ts';

test('replies of one server do not use up the buffer of others, and what they held is released', () => {
  const begin = (serverId: string): Held => ({ serverId, bytes: 0 });
  const hostile = [1, 2, 3, 4].map(() => begin('hostile'));
  for (const held of hostile) expect(hold(held, MAX_BYTES)).toBe(true);
  const fifth = begin('hostile');
  expect(hold(fifth, 1)).toBe(false);
  release(fifth);
  const other = begin('other');
  expect(hold(other, MAX_BYTES)).toBe(true);
  expect(hold(other, 1)).toBe(false);
  release(other);
  expect(other.bytes).toBe(0);
  release(hostile[0]!);
  expect(hold(begin('hostile'), MAX_BYTES)).toBe(true);
  // All together.
  const many = ['a', 'b', 'c', 'd'].flatMap((serverId) => [1, 2, 3, 4].map(() => begin(serverId)));
  expect(many.filter((held) => hold(held, MAX_BYTES))).toHaveLength(12);
});
