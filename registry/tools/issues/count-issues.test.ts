import { expect, test } from 'vitest';
import type { EvaluatedTool } from '../lock/evaluate-lock.ts';
import { countIssues } from './count-issues.ts';

const tool = (approval: EvaluatedTool['approval'], callable = true): EvaluatedTool => ({
  approval,
  callable,
  approved: null,
});
const evaluation = (tools: Record<string, EvaluatedTool>, missing: string[] = []) => ({
  tools: new Map(Object.entries(tools)),
  missing,
});

test('findings of an unlocked server count, approved findings do not', () => {
  const flagged = new Set(['a', 'b']);
  expect(countIssues({ evaluation: null, flagged, malformed: 0 })).toEqual(new Map([['flagged', 2]]));
  const approved = evaluation({ a: tool('approved'), b: tool('approved') });
  expect(countIssues({ evaluation: approved, flagged, malformed: 0 })).toEqual(new Map());
});

test('a tool counts once: as blocked if calls are refused, else as changed', () => {
  const block = evaluation({ a: tool('changed', false), b: tool('added', false), c: tool('approved') });
  expect(countIssues({ evaluation: block, flagged: new Set(['a']), malformed: 0 })).toEqual(new Map([['blocked', 2]]));
  const alert = evaluation({ a: tool('changed'), b: tool('approved') }, ['gone']);
  expect(countIssues({ evaluation: alert, flagged: new Set(), malformed: 3 })).toEqual(
    new Map([
      ['malformed', 3],
      ['changed', 2],
    ]),
  );
});

test('if no instance ever listed its tools, all of them are blocked', () => {
  const never = evaluation({ a: tool('approved', false) });
  expect(countIssues({ evaluation: never, flagged: new Set(), malformed: 0 })).toEqual(new Map([['blocked', 1]]));
});
