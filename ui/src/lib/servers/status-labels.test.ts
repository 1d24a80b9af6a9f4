import { describe, expect, it } from 'vitest';
import { appliedStatus, declaredStatus, deriveStatus, observedStatus, serverStatus } from '@mcpgw/registry/contract';
import { deriveShown, STATUS } from './status-labels.ts';

describe('status words', () => {
  it('derives what the contract derives, for every combination', () => {
    for (const declared of declaredStatus.options)
      for (const applied of appliedStatus.options)
        for (const observed of observedStatus.options)
          expect(deriveShown({ declared, applied, observed })).toBe(deriveStatus(declared, applied, observed));
  });
  it('has a word for every status', () => {
    expect(Object.keys(STATUS).sort()).toEqual([...serverStatus.options].sort());
  });
});
