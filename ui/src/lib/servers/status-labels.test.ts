import { describe, expect, it } from 'vitest';
import {
  appliedStatus,
  declaredStatus,
  deriveStatus as deriveByContract,
  observedStatus,
  serverStatus,
} from '@mcpgw/registry/contract';
import { deriveStatus, STATUS } from './status-labels.ts';

describe('status labels', () => {
  it('derives the same status as the contract, for every combination', () => {
    for (const declared of declaredStatus.options)
      for (const applied of appliedStatus.options)
        for (const observed of observedStatus.options)
          expect(deriveStatus({ declared, applied, observed })).toBe(deriveByContract(declared, applied, observed));
  });
  it('has a label for every status', () => {
    expect(Object.keys(STATUS).sort()).toEqual([...serverStatus.options].sort());
  });
});
