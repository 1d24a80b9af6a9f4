import type { Command } from 'commander';
import { configStatus, takeOverInput } from '@mcpgw/registry/contract';
import { action } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';

const KINDS = takeOverInput.shape.kind.options.join(', ');

/** `mcpgw config status`, `take-over` and `give-back` */
export function addConfigStatus(config: Command): void {
  const status = config
    .command('status')
    .summary('show the configuration file of the gateway and what is managed')
    .description('Shows which file the gateway reads, whether it is in use, and what each configuration manages.')
    .action(
      action(async ({ api, output }) => {
        const found = await (await api()).request({ path: ['api', 'config'], response: configStatus });
        output.result(found, () => {
          output.fields([
            ['file', found.file ?? '(none)'],
            ['state', found.state],
            ['applied', found.appliedAt ?? ''],
            ['needs a restart', found.restart.join(', ')],
          ]);
          for (const { field, message, line, column } of found.problems)
            output.text(`${line === undefined ? '' : `line ${line}, column ${column}: `}${field} ${message}`);
          const rows = [
            ...found.managed.map(({ kind, name, source }) => [kind, name, source]),
            ...found.takenOver.map(({ kind, name, source, by }) => [kind, name, `${source}, taken over by ${by}`]),
          ];
          const columns = [{ title: 'KIND' }, { title: 'NAME' }, { title: 'CONFIGURATION' }];
          output.table(columns, rows, 'Nothing is managed by a configuration.');
        });
      }),
    );
  addExamples(status, ['mcpgw config status', 'which file the gateway reads']);
  for (const [name, summary] of [
    ['take-over', 'let the API change what a configuration manages'],
    ['give-back', 'let the configuration manage it again'],
  ] as const) {
    const command = config
      .command(name)
      .summary(summary)
      .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
      .argument('<kind>', KINDS)
      .argument('<name>', 'path of the server, name of the agent or group')
      .action(
        action(async ({ api, output }, _: object, kind: string, target: string) => {
          const body = { kind, name: target };
          const request = { method: 'POST', path: ['api', 'config', name], body, response: configStatus } as const;
          const found = await (await api()).request(request);
          output.result(found, () => output.text('Done.'));
        }),
      );
    addExamples(command, [`mcpgw config ${name} server weather`, summary]);
  }
}
