import { expect, it } from 'vitest';
import { cautionOf } from './tool-warning.ts';

it('says what is flagged, what is blocked and what waits, and nothing of a tool that is as it should be', () => {
  const finding = {
    rule: 'secrecy' as const,
    severity: 'danger' as const,
    field: 'description',
    start: 0,
    end: 1,
    text: 'x',
    message: 'it asks for secrecy',
  };
  expect(cautionOf({ findings: [], approval: 'unpinned', callable: true })).toEqual({});
  expect(cautionOf({ findings: [], approval: 'approved', callable: true })).toEqual({});
  expect(cautionOf({ findings: [], approval: 'added', callable: true })).toEqual({ caution: 'new, not approved' });
  expect(cautionOf({ findings: [finding, finding], approval: 'changed', callable: false })).toEqual({
    caution: '2 flagged · blocked · changed, not approved',
  });
});
