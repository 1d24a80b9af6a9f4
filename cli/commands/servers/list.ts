import { Option, type Command } from 'commander';
import { serverStatus, serverView } from '@mcpgw/registry/contract';
import { listAll } from '../../api/index.ts';
import { action } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { showServers } from './show-servers.ts';

interface Options {
  tag?: string;
  status?: string;
}

/** `mcpgw servers list` */
export function addServersList(servers: Command): void {
  const command = servers
    .command('list')
    .alias('ls')
    .summary('list servers with their status')
    .description('Lists the registered servers, sorted by path.')
    .argument('[words]', 'words that all occur in path, name, description or tags')
    .option('--tag <tag>', 'only servers with this tag')
    .addOption(new Option('--status <status>', 'only servers in this state').choices(serverStatus.options))
    .action(
      action(async ({ api, output }, { tag, status }: Options, words: string | undefined) => {
        const found = await listAll(await api(), ['api', 'servers'], serverView, { q: words, tag, status });
        output.result(found, () => {
          showServers(output, found, 'No matching servers. "mcpgw servers add <path> <url>" registers one.');
        });
      }),
    );
  addExamples(
    command,
    ['mcpgw servers list', 'all servers'],
    ['mcpgw servers list --status unhealthy', 'those whose checks fail'],
    ["mcpgw servers list --json | jq -r '.[].path'", 'their paths, for a script'],
  );
}
