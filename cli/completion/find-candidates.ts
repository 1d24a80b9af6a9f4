import type { Command, Option } from 'commander';

export interface Candidates {
  /** Words that are possible here. */
  words: string[];
  /** Name of the argument whose values are possible too; null: none. */
  argument: string | null;
}

const NONE: Candidates = { words: [], argument: null };

function findOption(commands: readonly Command[], word: string): Option | undefined {
  return commands.flatMap(({ options }) => options).find((option) => option.short === word || option.long === word);
}

const takesValue = (option: Option): boolean => option.required || option.optional;

/** Finds completions of the last of `words`, which may be incomplete: commands, options, values of options, or an argument. */
export function findCandidates(program: Command, words: readonly string[]): Candidates {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  let command = program;
  const chain = [program];
  let position = 0;
  for (let at = 0; at < before.length; at += 1) {
    const word = before[at] ?? '';
    if (word.startsWith('-') && word.length > 1) {
      const option = findOption(chain, word);
      if (option === undefined || !takesValue(option) || word.includes('=')) continue;
      if (at === before.length - 1)
        return {
          words: [...(option.argChoices ?? [])],
          argument: option.long === '--server' ? 'path' : option.long === '--agent' ? 'agent' : 'files',
        };
      at += 1;
      continue;
    }
    const found = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (found === undefined) position += 1;
    else {
      command = found;
      chain.push(found);
      position = 0;
    }
  }
  if (current.startsWith('-'))
    return {
      words: chain
        .toReversed()
        .flatMap(({ options }) => options.flatMap(({ long, hidden }) => (long === undefined || hidden ? [] : [long])))
        .concat('--help'),
      argument: null,
    };
  if (command.commands.length > 0)
    return position > 0
      ? NONE
      : {
          words: command
            .createHelp()
            .visibleCommands(command)
            .map((one) => one.name()),
          argument: null,
        };
  const { registeredArguments } = command;
  const argument =
    registeredArguments[position] ??
    (registeredArguments.at(-1)?.variadic === true ? registeredArguments.at(-1) : undefined);
  if (argument === undefined) return NONE;
  return { words: [...(argument.argChoices ?? [])], argument: argument.name() };
}
