import type { Command } from 'commander';
import { action } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { chooseFile, readConfig } from './read-config.ts';

/** `mcpgw config validate` */
export function addConfigValidate(config: Command): void {
  const command = config
    .command('validate')
    .summary('check a configuration file, without a gateway')
    .description(
      'Reads a configuration file with the variables of this machine and reports every error with its line and column. No gateway is contacted.',
    )
    .argument('[file]', 'mcpgw.config.json or .yaml, or the file of a client; else the one in this folder')
    .action(
      action(async ({ env, output }, _: object, named: string | undefined) => {
        const file = chooseFile(named);
        const { document, skipped, notes } = readConfig(file, env);
        const { servers, agents = {}, groups = {} } = document;
        const counts = {
          servers: Object.keys(servers).length,
          groups: Object.keys(groups).length,
          agents: Object.keys(agents).length,
        };
        output.result({ file, valid: true, ...counts, skipped, notes }, () => {
          output.text(
            `${file} is valid: ${Object.entries(counts)
              .map(([kind, count]) => `${count} ${count === 1 ? kind.slice(0, -1) : kind}`)
              .join(', ')}.`,
          );
          for (const { name, reason } of skipped) output.note(`skipped ${name}: ${reason}`);
          for (const note of notes) output.note(note);
        });
        return Promise.resolve();
      }),
    );
  addExamples(
    command,
    ['mcpgw config validate', 'the file in this folder'],
    ['mcpgw config validate team.yaml --json', 'for a program: errors with line and column'],
  );
}
