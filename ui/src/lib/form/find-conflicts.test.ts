import { describe, expect, it } from 'vitest';
import { findConflicts, formatValue } from './find-conflicts.ts';

describe('findConflicts', () => {
  const base = { name: 'a', tags: ['x'], description: '' };
  it('returns only fields that both sides changed to different values', () => {
    expect(findConflicts(base, { name: 'b' }, { ...base, name: 'c' })).toEqual([
      { field: 'name', mine: 'b', theirs: 'c' },
    ]);
    expect(findConflicts(base, { name: 'b' }, { ...base, description: 'new' })).toEqual([]);
    expect(findConflicts(base, { name: 'b' }, { ...base, name: 'b' })).toEqual([]);
    expect(findConflicts(base, { tags: ['y'] }, { ...base, tags: ['x'] })).toEqual([]);
  });
  it('formats values as text', () => {
    expect(formatValue('')).toBe('(empty)');
    expect(formatValue(['a', 'b'])).toBe('a, b');
    expect(formatValue({ a: 1 })).toContain('"a": 1');
  });
});
