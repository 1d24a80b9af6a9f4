import { createInterface } from 'node:readline/promises';
import { CliError, usageError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';

/** Asks for confirmation on the terminal, unless `yes` is set. Throws CliError with the message `otherwise` for a no, and if there is no terminal. */
export async function confirm(
  question: string,
  yes: boolean | undefined,
  otherwise = 'nothing was changed',
): Promise<void> {
  if (yes === true) return;
  if (!process.stdin.isTTY) throw usageError(`${question} There is no terminal to confirm it on`, 'Add --yes.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const interrupted = new AbortController();
  // Ctrl-C during the question.
  terminal.once('SIGINT', () => interrupted.abort());
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal: interrupted.signal }).catch(() => 'n');
    if (!/^y(es)?$/i.test(answer.trim())) throw new CliError(otherwise, { exitCode: EXIT.interrupted });
  } finally {
    terminal.close();
  }
}
