import { existsSync, readFileSync } from 'node:fs';

interface Report {
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { status: string; fullName: string }[];
  }[];
}

export interface Count {
  passed: number;
  failed: number;
  skipped: number;
  failures: string[];
}

/** Counts vitest's JSON report. A file that failed without any failed test (it did not load) counts as one failure. */
export function countTests(report: Report, check: 'passed' | 'failed'): Count {
  const count: Count = { passed: 0, failed: 0, skipped: 0, failures: [] };
  const fail = (name: string) => {
    count.failed += 1;
    count.failures.push(name);
  };
  if (check === 'passed') count.passed += 1;
  else fail('npm run check');
  for (const file of report.testResults) {
    for (const { status, fullName } of file.assertionResults)
      if (status === 'passed') count.passed += 1;
      else if (status === 'failed') fail(`${file.name}: ${fullName}`);
      else count.skipped += 1;
    if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'))
      fail(`${file.name}: ${file.message ?? 'did not load'}`);
  }
  return count;
}

if (import.meta.main) {
  const [file = '', check = 'failed'] = process.argv.slice(2);
  const report = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Report)
    : { testResults: [{ name: 'vitest', status: 'failed', message: 'wrote no report', assertionResults: [] }] };
  const { passed, failed, skipped, failures } = countTests(report, check === 'passed' ? 'passed' : 'failed');
  for (const failure of failures) console.log(`FAILED ${failure}`);
  if (skipped > 0) console.log(`${skipped} skipped`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}
