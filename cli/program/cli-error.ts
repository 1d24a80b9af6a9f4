import { EXIT, type ExitCode } from './exit-codes.ts';

/** A failure with a message and a hint, which ends the command with its exit code. */
export class CliError extends Error {
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;
  /** The error as data, such as the problem document of the gateway: `--json` prints it. */
  readonly data: object | undefined;

  constructor(
    message: string,
    {
      hint,
      exitCode = EXIT.failed,
      data,
      cause,
    }: { hint?: string | undefined; exitCode?: ExitCode; data?: object; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = 'CliError';
    this.hint = hint;
    this.exitCode = exitCode;
    this.data = data;
  }
}

/** Creates the error for an invalid command line. */
export function usageError(message: string, hint?: string): CliError {
  return new CliError(message, { hint, exitCode: EXIT.usage });
}
