import type { Check, Facts, Finding } from './finding.ts';

interface Reported extends Omit<Finding, 'fix'> {
  check: string;
  fix: 'possible' | 'done' | 'failed' | null;
}

function repair(fix: () => void): 'done' | 'failed' {
  try {
    fix();
    return 'done';
  } catch {
    return 'failed';
  }
}

/** Runs all checks; with `fixes`, repairs what can be repaired. A check that throws is a finding too, so that it does not hide the others. */
export async function runChecks(
  checks: Record<string, Check>,
  facts: Facts,
  fixes: boolean,
): Promise<{ checked: string[]; findings: Reported[] }> {
  const findings: Reported[] = [];
  for (const [check, run] of Object.entries(checks)) {
    let found: Finding[];
    try {
      found = await run(facts);
    } catch (thrown) {
      found = [
        {
          severity: 'warning',
          message: `this could not be checked (${(thrown as Error).message})`,
          hint: 'Run it as the user of the gateway, or as root.',
        },
      ];
    }
    for (const { fix, ...finding } of found)
      findings.push({ check, ...finding, fix: fix === undefined ? null : fixes ? repair(fix) : 'possible' });
  }
  return { checked: Object.keys(checks), findings };
}
