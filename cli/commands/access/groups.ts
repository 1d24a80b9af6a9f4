import type { Command } from 'commander';
import { z } from 'zod';
import { agentView, groupView, type AgentView } from '@mcpgw/registry/contract';
import { listAll, type Api } from '../../api/index.ts';
import { collect } from '../../program/collect.ts';
import { confirm } from '../../program/confirm.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { showGrants } from './grants.ts';
import { readAgentName } from './names.ts';

interface AddOptions {
  description?: string;
  grant?: string[];
}

async function add({ api, output }: Context, written: string, { description, grant = [] }: AddOptions): Promise<void> {
  const body = {
    name: readAgentName(written),
    grants: grant.map((server) => ({ server })),
    ...(description !== undefined && { description }),
  };
  const group = await (await api()).ask({ method: 'POST', path: ['api', 'groups'], body, answer: groupView });
  output.result(group, () => {
    output.text(`The group ${group.name} is made.`);
    output.note(`Put agents into it: mcpgw groups join ${group.name} <agent>`);
  });
}

async function remove({ api, output }: Context, written: string, yes: boolean | undefined): Promise<void> {
  const name = readAgentName(written);
  await confirm(`Remove the group ${name}? Its agents lose its grants.`, yes, 'nothing was removed');
  await (await api()).ask({ method: 'DELETE', path: ['api', 'groups', name], answer: z.unknown() });
  output.result({ removed: name }, () => {
    output.text(`The group ${name} is removed.`);
  });
}

/** Puts an agent into a group, or takes it out. */
async function setMember(api: Api, group: string, name: string, isIn: boolean) {
  const path = ['api', 'agents', name];
  const { groups, revision } = await api.ask({ path, answer: agentView });
  const rest = groups.filter((one) => one !== group);
  return api.ask({
    method: 'PATCH',
    path,
    body: { groups: isIn ? [...rest, group] : rest },
    ifMatch: revision,
    answer: agentView,
  });
}

function addMembership(groups: Command, name: 'join' | 'leave', summary: string): void {
  const isIn = name === 'join';
  const command = groups
    .command(name)
    .summary(summary)
    .description(`${isIn ? 'Puts agents into' : 'Takes agents out of'} a group.`)
    .argument('<group>', 'name of the group')
    .argument('<agent...>', 'names of agents')
    .action(
      action(async ({ api: connect, output }, _options, group: string, agents: string[]) => {
        const api = await connect();
        const changed: AgentView[] = [];
        for (const agent of agents.map(readAgentName))
          changed.push(await setMember(api, readAgentName(group), agent, isIn));
        output.result(changed, () => {
          for (const agent of changed) output.text(`${agent.name} is in: ${agent.groups.join(', ') || 'no group'}`);
        });
      }),
    );
  addExamples(command, [`mcpgw groups ${name} team laptop`, summary]);
}

/** `mcpgw groups …` */
export function addGroupCommands(program: Command): void {
  const groups = program
    .command('groups')
    .summary('groups of agents')
    .description('Groups: grants that several agents have. "mcpgw grants … --group" changes them.');
  const list = groups
    .command('list')
    .alias('ls')
    .summary('list groups')
    .description('Lists the groups, sorted by name.')
    .action(
      action(async ({ api, output }) => {
        const found = await listAll(await api(), ['api', 'groups'], groupView);
        output.result(found, () => {
          output.table(
            [{ title: 'GROUP' }, { title: 'AGENTS' }, { title: 'MAY USE' }],
            found.map(({ name, agents, grants }) => [
              name,
              agents.join(', ') || '-',
              grants.map(({ server }) => server).join(', ') || 'nothing',
            ]),
            'There is no group. "mcpgw groups add <name> --grant <path>" makes one.',
          );
        });
      }),
    );
  addExamples(list, ['mcpgw groups list', 'who is in which?']);
  const show = groups
    .command('show')
    .summary('a group with its agents and grants')
    .description('Shows a group with its agents and grants.')
    .argument('<group>', 'name of the group')
    .action(
      action(async ({ api, output }, _options, written: string) => {
        const group = await (await api()).ask({ path: ['api', 'groups', readAgentName(written)], answer: groupView });
        output.result(group, () => {
          output.fields([
            ['Group', group.name],
            ['Description', group.description || '-'],
            ['Agents', group.agents.join(', ') || '-'],
          ]);
          output.heading('Grants');
          showGrants(output, group);
        });
      }),
    );
  addExamples(show, ['mcpgw groups show team', 'what may its agents use?']);
  const made = groups
    .command('add')
    .summary('make a group')
    .description('Makes a group.')
    .argument('<group>', 'its name: 1 to 64 of a-z 0-9 . _ -')
    .option('--grant <server>', 'a server that its agents may use whole; several separated by commas', collect)
    .option('--description <text>', 'what it is for')
    .action(action((context, options: AddOptions, written: string) => add(context, written, options)));
  addExamples(made, ['mcpgw groups add team --grant weather', 'agents that may use one server']);
  const removed = groups
    .command('remove')
    .alias('rm')
    .summary('remove a group')
    .description('Removes a group. Its agents stay and lose its grants, so it is asked for.')
    .argument('<group>', 'name of the group')
    .option('-y, --yes', 'do not ask')
    .action(action((context, { yes }: { yes?: boolean }, written: string) => remove(context, written, yes)));
  addExamples(removed, ['mcpgw groups remove team', 'its agents lose what it granted']);
  addMembership(groups, 'join', 'put agents into a group');
  addMembership(groups, 'leave', 'take agents out of a group');
}
