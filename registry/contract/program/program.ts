import { z } from 'zod';
import { checkConfinement, confinement, confinementFields } from './confinement.ts';

/** No control characters: an argument is shown whole on one line before anything runs. */
const PRINTABLE = /^[^\u0000-\u001f\u007f]*$/;
const printable = (max: number) =>
  z.string().max(max).regex(PRINTABLE, 'control characters and line breaks are not allowed');

/** Name of an environment variable (POSIX), except those that would load other code into the program. */
export const environmentName = z
  .string()
  .max(200)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a name of letters, digits and "_", not beginning with a digit')
  .refine((name) => !/^(LD_|MCPGW_)/.test(name), 'LD_… and MCPGW_… cannot be set');

/** A literal value, with `${VAR}` from the gateway's environment and `${file:/path}` for the content of a file; both are read when the program starts. */
export const environmentValue = z
  .string()
  .max(32_000)
  .regex(/^[^\0]*$/, 'a value cannot contain a NUL character');

const processFields = {
  sharing: z
    .enum(['session', 'shared'])
    .describe('session: a process for each session of a client; shared: one process for all clients'),
  idleTimeoutS: z
    .int()
    .min(1)
    .max(86_400)
    .describe('seconds without a message of a client after which a process is stopped'),
  startTimeoutS: z.int().min(1).max(600).describe('seconds that a start may take, downloads of npx or uvx included'),
  callTimeoutS: z.int().min(1).max(86_400).describe('seconds that a call may take without progress'),
  maxProcesses: z.int().min(1).max(200).describe('processes of this server at the same time'),
  memoryMb: z.int().min(16).max(1_048_576).nullable().describe('a process that uses more is stopped; null: no limit'),
};

/** How the bridge runs a program; members left out have the values below. */
export const processOptions = z.strictObject({
  sharing: processFields.sharing.default('session'),
  idleTimeoutS: processFields.idleTimeoutS.default(900),
  startTimeoutS: processFields.startTimeoutS.default(120),
  callTimeoutS: processFields.callTimeoutS.default(600),
  maxProcesses: processFields.maxProcesses.default(20),
  memoryMb: processFields.memoryMb.default(null),
});

const programFields = {
  command: printable(1_000).min(1).describe('a program on the PATH, or an absolute path; never a shell command line'),
  args: z.array(printable(8_000)).max(200),
  cwd: printable(1_000)
    .regex(/^\//, 'an absolute path, beginning with "/"')
    .nullable()
    .describe('folder to run in; null: a private folder of the server'),
};

const confined = confinement
  .nullable()
  .describe('its restrictions, by bubblewrap; null: it may do everything that the user of the gateway may');

/** A program that the bridge runs, without the values of its environment. */
export const program = z.strictObject({
  ...programFields,
  process: processOptions,
  // Programs that were stored before confinement existed have none.
  confinement: confined.default(null),
});

/** Only new input is checked: programs that were stored before are shown unchanged. */
const runnable = programFields.command.refine(
  (command) => command.startsWith('/') || !command.includes('/'),
  'a relative path is not a program; use the name of one on the PATH or an absolute path; a URL belongs in "url"',
);

/** The part of a server's input that describes its program. Environment values are write-only: a view shows only the names. */
export const programInput = {
  command: runnable.optional(),
  args: programFields.args.optional(),
  cwd: programFields.cwd.optional(),
  env: z.record(environmentName, environmentValue).optional(),
  process: processOptions.optional(),
  confinement: confined.optional(),
};

/** As `programInput`; absent fields remain unchanged, and `null` as a value of `env` removes one. */
export const programPatch = {
  command: runnable,
  args: programFields.args,
  cwd: programFields.cwd,
  env: z.record(environmentName, environmentValue.nullable()),
  // Not processOptions.partial(): that would fill in defaults for what a patch leaves out.
  process: z.strictObject(processFields).partial(),
  confinement: z
    .strictObject(confinementFields)
    .partial()
    .superRefine(checkConfinement)
    .nullable()
    .describe('absent members remain unchanged, or restricted; null: not confined'),
};

/** The fields of a server that decide what is run: only administrators set them. */
export const PROGRAM_FIELDS = ['command', 'args', 'cwd', 'env', 'process', 'confinement'] as const;

export type Program = z.infer<typeof program>;
export type ProcessOptions = z.infer<typeof processOptions>;
