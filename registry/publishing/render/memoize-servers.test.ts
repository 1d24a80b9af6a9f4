import { expect, test } from 'vitest';
import { memoizeServers } from './memoize-servers.ts';
import { loadTemplates } from './load-templates.ts';
import { renderServer as renderWith } from './render-server.ts';
import type { PlannedServer } from '../plan/route-plan.ts';

const fill = loadTemplates();
const renderServer = (server: PlannedServer, errorLog: string) => renderWith(fill, server, errorLog);
const LOG = '/data/logs/error.log';
const MCP = { scheme: 'http', address: '10.0.0.1', port: 80, host: 'a.test', tlsName: null, uri: '/mcp' } as const;

function server(id: string, more: Partial<PlannedServer> = {}): PlannedServer {
  return {
    id,
    path: `at/${id}`,
    hostMode: 'upstream',
    timeouts: { connectMs: 5_000, readMs: 86_400_000, sendMs: 60_000 },
    instances: [{ id: 'i1', mcp: MCP, sse: null }],
    ...more,
  };
}

function create() {
  const rendered: string[] = [];
  const renderServers = memoizeServers((planned, errorLog) => {
    rendered.push(planned.id);
    return renderServer(planned, errorLog);
  });
  return { renderServers, rendered };
}

test('memoized results equal rendered ones, and only changed servers are rendered again', () => {
  const { renderServers, rendered } = create();
  const plans = [
    [server('a'), server('b')],
    [server('a'), server('b', { hostMode: 'public' }), server('c')],
    [server('c'), server('b', { hostMode: 'public', instances: [] })],
  ];
  for (const plan of plans)
    expect(renderServers(structuredClone(plan), LOG)).toEqual(plan.map((planned) => renderServer(planned, LOG)));
  expect(rendered).toEqual(['a', 'b', 'b', 'c', 'b']);
});

test('a different error log results in a different text', () => {
  const { renderServers } = create();
  const plan = [server('a')];
  renderServers(plan, LOG);
  expect(renderServers(plan, '/elsewhere/error.log')[0]?.locations).toContain('/elsewhere/error.log');
});

test('a server that cannot be rendered throws each time, without affecting the others', () => {
  const { renderServers, rendered } = create();
  const unfit = server('bad', { path: 'a"; }' });
  renderServers([server('a')], LOG);
  for (let time = 0; time < 2; time += 1)
    expect(() => renderServers([server('a'), unfit], LOG)).toThrow(expect.objectContaining({ serverId: 'bad' }));
  renderServers([server('a')], LOG);
  expect(rendered).toEqual(['a', 'bad', 'bad']);
});
