import { Argument, type Command } from 'commander';
import { agentView, groupView, serverView } from '@mcpgw/registry/contract';
import { listAll } from '../../api/index.ts';
import { findCandidates } from '../../completion/find-candidates.ts';
import { SHELL_SCRIPTS, type Shell } from '../../completion/shell-scripts.ts';
import { listClientFiles } from '../../connect/index.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';

/** Lists the values of an argument, from the gateway if it has them; none if it does not respond. */
async function listValues({ api, env }: Context, argument: string | null): Promise<string[]> {
  if (argument === 'client') return listClientFiles(env).map(({ client }) => client);
  if (argument === 'scope') return ['all', 'agent', 'server'];
  if (argument === 'service') return ['registry', 'nginx', 'mcpgw-server', 'bridge'];
  try {
    if (argument === 'path')
      return (await listAll(await api(), ['api', 'servers'], serverView)).map(({ path }) => path);
    if (argument === 'agent') return (await listAll(await api(), ['api', 'agents'], agentView)).map(({ name }) => name);
    if (argument === 'group') return (await listAll(await api(), ['api', 'groups'], groupView)).map(({ name }) => name);
  } catch {
    return [];
  }
  return [];
}

async function complete(context: Context, program: Command, words: string[]): Promise<void> {
  const { words: known, argument } = findCandidates(program, words);
  const current = words.at(-1) ?? '';
  const found = [...known, ...(await listValues(context, argument))].filter((word) => word.startsWith(current));
  for (const word of new Set(found)) context.output.text(word);
}

/** `mcpgw completion`, and the hidden command that its scripts call. */
export function addCompletionCommands(program: Command): void {
  const command = program
    .command('completion')
    .summary('complete the command in bash, zsh or fish')
    .description('Prints a script that completes commands, options, servers and agents in a shell.')
    .addArgument(new Argument('<shell>', 'your shell').choices(Object.keys(SHELL_SCRIPTS)))
    .action(
      action(({ output }, _options, shell: Shell) => {
        output.text(SHELL_SCRIPTS[shell]);
        return Promise.resolve();
      }),
    );
  addExamples(
    command,
    ['eval "$(mcpgw completion bash)"', 'in ~/.bashrc; zsh: the same with zsh, in ~/.zshrc after compinit'],
    ['mcpgw completion fish > mcpgw.fish', 'fish: in ~/.config/fish/completions'],
  );
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(action((context, _options, words: string[]) => complete(context, program, words)));
}
