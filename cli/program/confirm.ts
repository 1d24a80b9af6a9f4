import { createInterface } from 'node:readline/promises';
import { usageError } from './cli-error.ts';

/** Asks on the terminal whether to go on; true without asking with `--yes`. Throws CliError where nobody can be asked. */
export async function confirm(question: string, yes: boolean | undefined): Promise<boolean> {
  if (yes === true) return true;
  if (!process.stdin.isTTY) throw usageError(`${question} There is no terminal to ask at`, 'Add --yes.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
