import type { Command } from 'commander';

/** All visible commands below one, in the order of the help, each with its full name. */
export function listCommands(command: Command, parent = ''): { name: string; command: Command }[] {
  const name = parent === '' ? command.name() : `${parent} ${command.name()}`;
  const below = command.createHelp().visibleCommands(command);
  return [{ name, command }, ...below.flatMap((one) => listCommands(one, name))];
}
