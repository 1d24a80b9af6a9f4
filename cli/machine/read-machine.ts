import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CliError } from '../program/cli-error.ts';
import { requireInstallation } from './installation.ts';
import { runAndRead } from './run-program.ts';

const state = z.object({
  dataDir: z.string(),
  logDir: z.string(),
  gatewayUrl: z.string(),
  /** Pid of the start that holds the data folder. */
  pid: z.int().nullable(),
});
const finding = z.object({
  check: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  hint: z.string(),
  /** Whether `--fix` can repair it, or did. */
  fix: z.enum(['possible', 'done', 'failed']).nullable(),
});
const report = z.object({ checked: z.array(z.string()), findings: z.array(finding) });

export type MachineState = z.infer<typeof state>;
export type Finding = z.infer<typeof finding>;
export type Report = z.infer<typeof report>;

async function runMachine<Schema extends z.ZodType>(
  args: string[],
  env: NodeJS.ProcessEnv,
  schema: Schema,
): Promise<z.output<Schema>> {
  const root = requireInstallation();
  const built = join(root, 'dist/machine.js');
  const program = existsSync(built) ? built : join(root, 'scripts/machine/machine.ts');
  const { code, stdout } = await runAndRead(process.execPath, [program, ...args], {
    env: { ...env, MCPGW_ROOT: root },
    what: program,
  });
  try {
    return schema.parse(JSON.parse(stdout));
  } catch (cause) {
    throw new CliError(`the state of this machine cannot be read (exit code ${code})`, {
      cause,
      hint: 'The error is printed above.',
    });
  }
}

/** Which gateway the settings of this machine describe, and whether it runs. Throws CliError. */
export function readMachineState(env: NodeJS.ProcessEnv): Promise<MachineState> {
  return runMachine(['state'], env, state);
}

/** Finds problems of this machine; with `fix`, repairs what can safely be repaired. Throws CliError. */
export function examineMachine(env: NodeJS.ProcessEnv, fix: boolean): Promise<Report> {
  return runMachine(fix ? ['doctor', '--fix'] : ['doctor'], env, report);
}
