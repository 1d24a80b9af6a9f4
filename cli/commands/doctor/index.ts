import type { Command } from 'commander';
import { examineMachine, findInstallation, type Finding } from '../../machine/index.ts';
import { colourOf, plural, withProgress, type Output } from '../../output/index.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { EXIT, type ExitCode } from '../../program/exit-codes.ts';
import { examineGateway } from './examine-gateway.ts';

const FIXES = {
  possible: ' ("mcpgw doctor --fix" repairs it)',
  done: ' (repaired)',
  failed: ' (could not be repaired by this user)',
};

function show(output: Output, findings: Finding[]): void {
  for (const { check, severity, message, hint, fix } of findings) {
    output.line([
      { text: severity, colour: colourOf(severity) },
      { text: check, colour: 'bold' },
    ]);
    output.text(`  ${message}${fix === null ? '' : FIXES[fix]}\n  → ${hint.replaceAll('\n', '\n    ')}`);
  }
}

async function examine(context: Context, { fix, remote }: { fix?: boolean; remote?: boolean }): Promise<ExitCode> {
  const { env, output } = context;
  const isHere = remote !== true && findInstallation() !== null;
  const local = isHere
    ? await withProgress('Checking this machine', () => examineMachine(env, fix === true))
    : { checked: [], findings: [] };
  const atGateway = await withProgress('Checking the gateway', () => examineGateway(context));
  const findings = [...local.findings, ...atGateway.findings];
  const checked = [...new Set([...local.checked, ...atGateway.checked])];
  const open = findings.filter((one) => one.fix !== 'done');
  output.result({ checked, findings, skipped: atGateway.skipped }, () => {
    show(output, findings);
    output.text(
      open.length === 0
        ? `Checked ${plural(checked.length, 'thing')}; all is well.`
        : `\nChecked ${plural(checked.length, 'thing')}: ${plural(open.length, 'finding')}.`,
    );
    if (atGateway.skipped !== null) output.note(`Note: ${atGateway.skipped}`);
  });
  return open.some(({ severity }) => severity === 'error') ? EXIT.found : EXIT.done;
}

/** `mcpgw doctor` */
export function addDoctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .summary('find problems, and explain what to do')
    .description(
      'Checks this machine and the gateway for common problems, and explains what to do. Works with nothing running and nothing installed. Exit code 6 when it finds an error.',
    )
    .option('--fix', 'repair what can safely be repaired: modes of files, a missing log folder')
    .option('--remote', 'check the gateway only, not this machine')
    .action(action((context, options: { fix?: boolean; remote?: boolean }) => examine(context, options)));
  addExamples(
    command,
    ['mcpgw doctor', 'what is wrong?'],
    ['mcpgw doctor --fix', 'repair what can safely be repaired'],
    ["mcpgw doctor --json | jq '.findings[].message'", 'for a program'],
  );
}
