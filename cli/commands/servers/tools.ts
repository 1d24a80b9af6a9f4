import { Option, type Command } from 'commander';
import { toolHit, toolKind } from '@mcpgw/registry/contract';
import { listAll } from '../../api/index.ts';
import { action } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { readCount } from '../../program/read-count.ts';

interface Options {
  limit: number;
  server?: string;
  tag?: string;
  kind?: string;
}

/** `mcpgw tools search` */
export function addToolCommands(program: Command): void {
  const tools = program
    .command('tools')
    .summary('search the tools of all servers')
    .description('Tools of all servers.');
  const command = tools
    .command('search')
    .summary('find tools by what they do')
    .description('Finds tools by words that describe what they do, best match first; without words, lists all.')
    .argument('[words...]', 'what the tool should do')
    .option('-n, --limit <count>', 'maximum number of tools', readCount, 20)
    .option('--server <path>', 'only of this server')
    .option('--tag <tag>', 'only of servers with this tag')
    .addOption(new Option('--kind <kind>', 'only of this kind').choices(toolKind.options))
    .action(
      action(async ({ api, output }, { limit, ...group }: Options, words: string[]) => {
        const hits = await listAll(await api(), ['api', 'tools'], toolHit, { q: words.join(' '), ...group }, limit);
        output.result(hits, () => {
          output.table(
            [{ title: 'SERVER' }, { title: 'TOOL' }, { title: 'DESCRIPTION' }],
            hits.map(({ server, tool, callable }) => [
              server,
              callable ? tool.name : { text: `${tool.name} (blocked)`, colour: 'red' },
              (tool.description ?? '').trim().split('\n')[0] ?? '',
            ]),
            'No matching tools.',
          );
        });
      }),
    );
  addExamples(
    command,
    ['mcpgw tools search send an email', 'which tool does that?'],
    ['mcpgw tools search --kind destructive --limit 100', 'which tools can destroy something?'],
  );
}
