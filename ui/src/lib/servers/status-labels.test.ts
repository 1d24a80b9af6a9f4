import { expect, test } from 'vitest';
import { serverStatus } from '@mcpgw/registry/contract';
import { STATUS } from './status-labels.ts';

test('every status has a label', () => {
  expect(Object.keys(STATUS).sort()).toEqual([...serverStatus.options].sort());
});
