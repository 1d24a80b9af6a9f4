import type { Command } from 'commander';
import { addServersAdd } from './add.ts';
import { addCallCommand } from './call.ts';
import { addServersChange } from './change.ts';
import { addServersConfine } from './confinement.ts';
import { addServersList } from './list.ts';
import { addServersShow } from './show.ts';
import { addToolCommands } from './tools.ts';

/** Servers, their tools, and calls of these. */
export function addServerCommands(program: Command): void {
  const servers = program
    .command('servers')
    .summary('list, register and change servers')
    .description('Servers of the gateway.');
  addServersList(servers);
  addServersAdd(servers);
  addServersShow(servers);
  addServersChange(servers);
  addServersConfine(servers);
  addToolCommands(program);
  addCallCommand(program);
}
