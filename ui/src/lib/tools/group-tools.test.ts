import { describe, expect, it } from 'vitest';
import { groupTools } from './group-tools.ts';

const tool = (
  name: string,
  readOnlyHint?: boolean,
  destructiveHint?: boolean,
): { name: string; annotations?: Record<string, boolean> } => ({
  name,
  annotations: {
    ...(readOnlyHint !== undefined && { readOnlyHint }),
    ...(destructiveHint !== undefined && { destructiveHint }),
  },
});

describe('groupTools', () => {
  it('groups by annotations, read-only first, and omits empty groups', () => {
    const groups = groupTools([
      tool('drop', false, true),
      tool('write', false),
      tool('get', true),
      tool('add', false, false),
      { name: 'old' },
      tool('list', true, true),
    ]);
    expect(groups.map(({ kind, tools }) => [kind, ...tools.map(({ name }) => name)])).toEqual([
      ['readOnly', 'get', 'list'],
      ['mutating', 'add'],
      ['destructive', 'drop', 'write'],
      ['unannotated', 'old'],
    ]);
    expect(groupTools([tool('get', true)])).toHaveLength(1);
    expect(groupTools([])).toEqual([]);
  });
});
