import { describe, expect, it } from 'vitest';
import { findConflicts, showValue } from './find-conflicts.ts';

describe('findConflicts', () => {
  const base = { name: 'a', tags: ['x'], description: '' };
  it('names only fields that both sides changed to different values', () => {
    expect(findConflicts(base, { name: 'b' }, { ...base, name: 'c' })).toEqual([
      { field: 'name', mine: 'b', theirs: 'c' },
    ]);
    expect(findConflicts(base, { name: 'b' }, { ...base, description: 'new' })).toEqual([]);
    expect(findConflicts(base, { name: 'b' }, { ...base, name: 'b' })).toEqual([]);
    expect(findConflicts(base, { tags: ['y'] }, { ...base, tags: ['x'] })).toEqual([]);
  });
  it('shows values in words', () => {
    expect(showValue('')).toBe('(empty)');
    expect(showValue(['a', 'b'])).toBe('a, b');
    expect(showValue({ a: 1 })).toContain('"a": 1');
  });
});
