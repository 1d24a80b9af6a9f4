import type { Command } from 'commander';

/** A command line, and what it does. */
export type Example = readonly [line: string, what: string];
const EXAMPLES = new WeakMap<Command, readonly Example[]>();

/** Adds examples to the help of a command. */
export function addExamples(command: Command, ...examples: Example[]): void {
  EXAMPLES.set(command, examples);
  command.addHelpText('after', () => {
    const lines = examples.map(([line, what]) => `  # ${what}\n  ${line}`);
    return `\n${command.createHelp().styleTitle('Examples:')}\n${lines.join('\n')}`;
  });
}

/** The examples in the help of a command. */
export function examplesOf(command: Command): readonly Example[] {
  return EXAMPLES.get(command) ?? [];
}
