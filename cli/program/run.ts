import { CommanderError } from 'commander';
import { showInvisible } from '@mcpgw/registry/contract';
import { paint, toSafeJson } from '../output/index.ts';
import { CliError } from './cli-error.ts';
import { createProgram } from './create-program.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** Reports what went wrong: as text on stderr, and with `--json` as the problem on stdout. */
function report(error: CliError, isJson: boolean): void {
  const { message, hint, data } = error;
  const shown = data ?? { title: message, ...(hint !== undefined && { hint }) };
  if (isJson) process.stdout.write(`${toSafeJson({ error: shown })}\n`);
  process.stderr.write(`${paint('red', 'mcpgw:', process.stderr)} ${showInvisible(message)}\n`);
  if (hint !== undefined) process.stderr.write(`  ${showInvisible(hint)}\n`);
}

/** Runs one command line (without the names of Node and program) and returns its exit code. Reports every error itself. */
export async function runCommandLine(words: readonly string[]): Promise<ExitCode> {
  if (words.includes('--no-color')) process.env['NO_COLOR'] = '1';
  const program = createProgram();
  // The action stores its exit code here (context.ts).
  process.exitCode = undefined;
  try {
    await program.parseAsync(words, { from: 'user' });
    return (process.exitCode as ExitCode | undefined) ?? EXIT.done;
  } catch (thrown) {
    // Commander has already printed its message.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (thrown instanceof CliError) {
      report(thrown, program.opts<{ json?: boolean }>().json === true);
      return thrown.exitCode;
    }
    process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
    return EXIT.failed;
  } finally {
    process.exitCode = undefined;
  }
}
