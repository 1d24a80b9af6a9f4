import type { AgentView, ServerView } from '@mcpgw/registry/contract';
import { expect, test } from 'vitest';
import { createCallers } from '../tools/list-callers.ts';
import { listMissingGrants } from './list-missing-grants.ts';

const agent = (name: string, ...servers: string[]) =>
  ({
    name,
    enabled: true,
    expiresAt: null,
    grants: servers.map((server) => ({ server, tools: ['*'], resources: [], prompts: [] })),
  }) as unknown as AgentView;
const tools = [
  { server: 'weather', tool: 'look', name: 'forecast' },
  { server: 'files', tool: 'read' },
];
const desk = { path: 'desk', tags: [], virtual: { version: 1, tools } } as unknown as ServerView;

test('lists agents that may call a virtual tool but not the tool behind it', () => {
  const agents = [agent('both', 'desk', 'weather', 'files'), agent('one', 'desk', 'weather'), agent('none', 'weather')];
  const listed = [
    { name: 'forecast', inputSchema: {} },
    { name: 'read', inputSchema: {} },
  ];
  const found = listMissingGrants(desk, listed, () => undefined, createCallers(agents, [], 0));
  expect(found).toEqual([{ agent: 'one', tools: [tools[1]] }]);
});
