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
  const group = await (await api()).request({ method: 'POST', path: ['api', 'groups'], body, response: groupView });
  output.result(group, () => {
    output.text(`Created the group ${group.name}.`);
    output.note(`Add agents to it: mcpgw groups join ${group.name} <agent>`);
  });
}

async function remove({ api, output }: Context, written: string, yes: boolean | undefined): Promise<void> {
  const name = readAgentName(written);
  await confirm(`Remove the group ${name}? Its agents lose its grants.`, yes, 'nothing was removed');
  await (await api()).request({ method: 'DELETE', path: ['api', 'groups', name], response: z.unknown() });
  output.result({ removed: name }, () => {
    output.text(`The group ${name} is removed.`);
  });
}

/** Adds an agent to a group, or removes it. */
async function setMember(api: Api, group: string, name: string, isIn: boolean) {
  const path = ['api', 'agents', name];
  const { groups, revision } = await api.request({ path, response: agentView });
  const rest = groups.filter((one) => one !== group);
  return api.request({
    method: 'PATCH',
    path,
    body: { groups: isIn ? [...rest, group] : rest },
    ifMatch: revision,
    response: agentView,
  });
}

function addMembership(groups: Command, name: 'join' | 'leave', summary: string): void {
  const isIn = name === 'join';
  const command = groups
    .command(name)
    .summary(summary)
    .description(`${isIn ? 'Adds agents to' : 'Removes agents from'} a group.`)
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
    .description('Groups: grants that several agents share. "mcpgw grants … --group" changes them.');
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
            'There are no groups. "mcpgw groups add <name> --grant <path>" creates one.',
          );
        });
      }),
    );
  addExamples(list, ['mcpgw groups list', 'which agents are in which group?']);
  const show = groups
    .command('show')
    .summary('a group with its agents and grants')
    .description('Shows a group with its agents and grants.')
    .argument('<group>', 'name of the group')
    .action(
      action(async ({ api, output }, _options, written: string) => {
        const path = ['api', 'groups', readAgentName(written)];
        const group = await (await api()).request({ path, response: groupView });
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
  const created = groups
    .command('add')
    .summary('create a group')
    .description('Creates a group.')
    .argument('<group>', 'its name: 1 to 64 of a-z 0-9 . _ -')
    .option('--grant <server>', 'a server to grant to its agents; several separated by commas', collect)
    .option('--description <text>', 'what it is for')
    .action(action((context, options: AddOptions, written: string) => add(context, written, options)));
  addExamples(created, ['mcpgw groups add team --grant weather', 'agents that may use one server']);
  const removed = groups
    .command('remove')
    .alias('rm')
    .summary('remove a group')
    .description('Removes a group. Its agents remain but lose its grants, so you are asked to confirm it.')
    .argument('<group>', 'name of the group')
    .option('-y, --yes', 'do not ask')
    .action(action((context, { yes }: { yes?: boolean }, written: string) => remove(context, written, yes)));
  addExamples(removed, ['mcpgw groups remove team', 'its agents lose what it granted']);
  addMembership(groups, 'join', 'add agents to a group');
  addMembership(groups, 'leave', 'remove agents from a group');
}
