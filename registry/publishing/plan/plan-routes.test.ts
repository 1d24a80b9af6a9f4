import { describe, expect, it } from 'vitest';
import { planRoutes, type PlanInput, type RoutableServer } from './plan-routes.ts';
import type { PlannedGateway } from './route-plan.ts';

const gateway: PlannedGateway = {
  port: 8080,
  tls: null,
  hosts: [],
  origins: [],
  maxBodyBytes: 1,
  connectionsPerAddress: 1,
  drainTimeoutS: 1,
  registry: '127.0.0.1:7860',
  accessDir: '/a',
  logDir: '/l',
  runDir: '/r',
  workers: 1,
};

function server(path: string, urls: string[], more: Partial<RoutableServer> = {}): RoutableServer {
  return {
    id: `id-${path.replace('/', '-')}`,
    path,
    enabled: true,
    transport: 'auto',
    hostMode: 'upstream',
    timeouts: { connectMs: 1, readMs: 2, sendMs: 3 },
    instances: urls.map((url, index) => ({ id: `i${index}`, url, enabled: true, query: '', endpoints: null })),
    ...more,
  };
}

function plan(servers: RoutableServer[], more: Partial<PlanInput> = {}) {
  return planRoutes({ gateway, servers, addressOf: () => ({ address: '10.0.0.1' }), rejected: new Map(), ...more });
}

describe('planRoutes', () => {
  it('plans addresses; Host and certificate have the name', () => {
    const { plan: planned, rejected } = plan([server('weather', ['https://weather.example:8443/mcp'])]);
    expect(rejected).toEqual([]);
    expect(planned.servers[0]?.instances[0]?.mcp).toEqual({
      scheme: 'https',
      address: '10.0.0.1',
      port: 8443,
      host: 'weather.example:8443',
      tlsName: 'weather.example',
      uri: '/mcp',
    });
  });

  it('puts IPv6 addresses into brackets', () => {
    const six = plan([server('six', ['http://[::1]:9/mcp'])], {
      addressOf: (host) => ({ address: host.slice(1, -1) }),
    });
    expect(six.plan.servers[0]?.instances[0]?.mcp).toMatchObject({ address: '[::1]', host: '[::1]:9', tlsName: null });
  });

  it('does not depend on the order of the servers', () => {
    const [a, b, c] = [server('team', ['http://a']), server('team/search', ['http://b']), server('Z', ['http://c'])];
    expect(JSON.stringify(plan([a, b, c]))).toBe(JSON.stringify(plan([c, b, a])));
  });

  it('contains disabled servers, without reporting a problem', () => {
    const { plan: planned, rejected } = plan([server('off', ['http://a'], { enabled: false })]);
    expect(planned.servers).toMatchObject([{ path: 'off', instances: [] }]);
    expect(rejected).toEqual([]);
  });

  it('rejects a server whose name has no address, and one that NGINX rejected', () => {
    const { plan: planned, rejected } = plan(
      [server('lost', ['http://lost']), server('bad', ['http://a']), server('good', ['http://a'])],
      {
        addressOf: (host) => (host === 'lost' ? { problem: 'no address' } : { address: '10.0.0.1' }),
        rejected: new Map([['id-bad', 'NGINX: no']]),
      },
    );
    expect(rejected).toEqual([
      { serverId: 'id-bad', path: 'bad', message: 'NGINX: no' },
      { serverId: 'id-lost', path: 'lost', message: 'no address' },
    ]);
    expect(planned.servers.map(({ path, instances }) => [path, instances.length])).toEqual([
      ['bad', 0],
      ['good', 1],
      ['lost', 0],
    ]);
  });

  it('routes the instances that have an address when another has none', () => {
    const { plan: planned, rejected } = plan([server('two', ['http://lost', 'http://there'])], {
      addressOf: (host) => (host === 'lost' ? { problem: 'no address' } : { address: '10.0.0.1' }),
    });
    expect(planned.servers[0]?.instances.map(({ id }) => id)).toEqual(['i1']);
    expect(rejected).toEqual([]);
  });

  it('leaves disabled instances out', () => {
    const two = server('two', ['http://a', 'http://b']);
    const result = plan([{ ...two, instances: two.instances.map((item) => ({ ...item, enabled: item.id === 'i1' })) }]);
    expect(result.plan.servers[0]?.instances.map(({ id }) => id)).toEqual(['i1']);
  });

  it('reaches the built-in server at its socket, and only that server', () => {
    const addressOf = () => ({ problem: 'the gateway itself' });
    const url = 'http://mcpgw-server.localhost/mcp';
    const { plan: planned, rejected } = plan([server('mcpgw', [url]), server('sly', [url])], { addressOf });
    expect(planned.servers[0]?.instances[0]?.mcp).toMatchObject({
      socket: expect.stringMatching(/\/mcpgw-server\.sock$/) as string,
      host: 'mcpgw-server.localhost',
    });
    expect(rejected.map(({ path }) => path)).toEqual(['sly']);
  });

  it('reaches a server of the bridge at its socket, regardless of its URL', () => {
    const addressOf = () => ({ problem: 'never called' });
    const { plan: planned } = plan([server('cli', ['http://bridge.localhost/s1/mcp'], { transport: 'stdio' })], {
      addressOf,
    });
    expect(planned.servers[0]?.instances[0]?.mcp).toMatchObject({
      socket: expect.stringMatching(/\/bridge\.sock$/) as string,
      uri: '/id-cli/mcp',
    });
  });
});
