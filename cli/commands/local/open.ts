import type { Command } from 'commander';
import { gatewayUrlOf } from '../../api/index.ts';
import { runBeside } from '../../machine/index.ts';
import { action } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';

/** `mcpgw open` */
export function addOpenCommand(program: Command): void {
  const command = program
    .command('open')
    .summary('open the UI in the browser')
    .description('Opens the UI of the gateway in the browser and prints its address.')
    .argument('[path]', 'path of a server, to open its page')
    .action(
      action(async ({ env, options, output }, _options, path: string | undefined) => {
        const page = path === undefined ? '' : `servers/${encodeURIComponent(path.replace(/^\/+|\/+$/g, ''))}`;
        const url = `${gatewayUrlOf(options, env)}/ui/${page}`;
        output.result({ url }, () => {
          output.text(url);
        });
        if (!process.stdout.isTTY) return;
        const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
        await runBeside(opener, [url], env, 'ignore').catch(() => {
          output.note('No browser could be started; open the address manually.');
        });
      }),
    );
  addExamples(command, ['mcpgw open', 'the list of servers'], ['mcpgw open weather', 'the page of a server']);
}
