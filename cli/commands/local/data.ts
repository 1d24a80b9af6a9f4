import { join } from 'node:path';
import type { Command } from 'commander';
import { requireInstallation, runHere } from '../../machine/index.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';

/** Runs the script of the installation, which uses the gateway's own store. */
function runData({ env }: Context, args: string[]): Promise<number> {
  const script = join(requireInstallation(), 'scripts/data.sh');
  return runHere(script, args, { env, what: script });
}

/** `mcpgw backup`, `mcpgw restore` */
export function addDataCommands(program: Command): void {
  const backup = program
    .command('backup')
    .summary('write database and key into a new folder')
    .description(
      'Backs up the database and its key into a new folder, while the gateway runs. Protect it like DATA_DIR.',
    )
    .argument('<folder>', 'a folder that does not exist')
    .action(action((context, _options, folder: string) => runData(context, ['backup', folder])));
  addExamples(backup, ['mcpgw backup /var/backups/mcpgw/2026-12-01', 'the gateway on ./data']);
  const restore = program
    .command('restore')
    .summary('restore a backup into DATA_DIR')
    .description(
      'Restores a backup while the gateway is stopped. An existing database is an error, or with --replace is moved aside.',
    )
    .argument('<folder>', 'a folder that "mcpgw backup" wrote')
    .option('--replace', 'move an existing database aside')
    .action(
      action((context, { replace }: { replace?: boolean }, folder: string) =>
        runData(context, ['restore', folder, ...(replace === true ? ['--replace'] : [])]),
      ),
    );
  addExamples(restore, [
    'DATA_DIR=/var/lib/mcpgw mcpgw restore /var/backups/mcpgw/2026-12-01',
    'into a new data folder',
  ]);
}
