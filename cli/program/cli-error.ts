import { EXIT, type ExitCode } from './exit-codes.ts';

/** A failure with a message and what to do next, which ends the command with its exit code. */
export class CliError extends Error {
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;
  /** The answer of the gateway, where it gave one: `--json` prints it. */
  readonly answer: object | undefined;

  constructor(
    message: string,
    {
      hint,
      exitCode = EXIT.failed,
      answer,
      cause,
    }: { hint?: string | undefined; exitCode?: ExitCode; answer?: object; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = 'CliError';
    this.hint = hint;
    this.exitCode = exitCode;
    this.answer = answer;
  }
}

/** What was written on the command line is not right. */
export function usageError(message: string, hint?: string): CliError {
  return new CliError(message, { hint, exitCode: EXIT.usage });
}
