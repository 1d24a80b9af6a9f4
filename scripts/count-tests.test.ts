import { expect, test } from 'vitest';
import { countTests } from './count-tests.ts';

const file = (name: string, statuses: string[], status = 'passed') => ({
  name,
  status,
  assertionResults: statuses.map((one) => ({ status: one, fullName: `${one} test` })),
});

test('passed, failed and skipped tests are counted, and the check is one of them', () => {
  const report = {
    testResults: [file('a', ['passed', 'passed', 'skipped']), file('b', ['failed', 'passed'], 'failed')],
  };
  expect(countTests(report, 'passed')).toEqual({ passed: 4, failed: 1, skipped: 1, failures: ['b: failed test'] });
});

test('a failed check and a file that does not load are failures', () => {
  const report = { testResults: [file('broken', [], 'failed')] };
  expect(countTests(report, 'failed')).toMatchObject({ passed: 0, failed: 2 });
});
