import { expect, it } from 'vitest';
import { toolWarning } from './tool-warning.ts';

it('reports flagged, blocked and unapproved tools, and nothing for others', () => {
  const finding = {
    rule: 'secrecy' as const,
    severity: 'danger' as const,
    field: 'description',
    start: 0,
    end: 1,
    text: 'x',
    message: 'it asks for secrecy',
  };
  expect(toolWarning({ findings: [], approval: 'unlocked', callable: true })).toEqual({});
  expect(toolWarning({ findings: [], approval: 'approved', callable: true })).toEqual({});
  expect(toolWarning({ findings: [], approval: 'added', callable: true })).toEqual({ warning: 'new, not approved' });
  expect(toolWarning({ findings: [finding, finding], approval: 'changed', callable: false })).toEqual({
    warning: '2 flagged · blocked · changed, not approved',
  });
});
