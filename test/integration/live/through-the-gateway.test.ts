import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectClient, echo } from '../../support/gateway/call-tool.ts';
import { openLive, type LiveSocket } from '../../support/live/live-socket.ts';
import { startEverything } from '../../support/gateway/start-everything.ts';
import { startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';
import { waitFor } from '../../support/wait-for.ts';

let gateway: Gateway;
let everything: Awaited<ReturnType<typeof startEverything>>;
const sockets: LiveSocket[] = [];

beforeAll(async () => {
  gateway = await startGateway({ supervised: false });
  everything = await startEverything();
});
afterAll(async () => {
  for (const socket of sockets) socket.close();
  await everything.close();
  await gateway.close();
});

function open(query = ''): LiveSocket {
  const socket = openLive(gateway.url, { cookie: gateway.admin.cookie, origin: gateway.url }, query);
  sockets.push(socket);
  return socket;
}
const lastSeq = ({ messages }: LiveSocket) => messages.at(-1)?.seq ?? 0;

test('through NGINX: a registration is reported as live and healthy, and a call is counted', async () => {
  const socket = open();
  const { servers } = await socket.until('snapshot');
  expect(servers.map(({ path }) => path)).toContain('mcpgw');
  await gateway.register({ path: 'weather', url: everything.url });
  await socket.until('server.changed', ({ server }) => server.path === 'weather' && server.status === 'healthy');
  const { generation } = await socket.until('generation.published');
  expect(generation.number).toBeGreaterThan(0);

  const agent = await gateway.createAgent(['weather']);
  const client = await connectClient(`${gateway.url}/weather/mcp`, agent.key);
  await echo(client, 'counted');
  await client.close();
  const { stats } = await socket.until('stats.changed', (message) => message.stats.calls > 0);
  expect(stats.lastCallAt).not.toBeNull();
});

test('a broken connection resumes where it stopped, and nothing is lost under quick changes', async () => {
  const socket = open();
  await socket.until('snapshot');
  socket.close();
  await waitFor('the end', () => socket.ended);
  await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      gateway.admin.must('PATCH', '/api/servers/weather?wait=false', { description: `change ${n}` }),
    ),
  );
  const { description } = await gateway.admin.must<{ description: string }>('GET', '/api/servers/weather');
  const again = open(`?since=${lastSeq(socket)}`);
  await again.until('server.changed', ({ server }) => server.description === description);
  expect(again.messages[0]?.type).toBe('resumed');
  expect(again.messages.filter(({ type }) => type === 'snapshot')).toEqual([]);
});

test('a socket without a login is refused through NGINX too, and logging out closes the others', async () => {
  const anonymous = openLive(gateway.url, {});
  sockets.push(anonymous);
  expect(await waitFor('the refusal', () => anonymous.ended)).toMatchObject({ code: 401 });
  const socket = open();
  await socket.until('snapshot');
  await gateway.admin.must('DELETE', '/api/session');
  expect(await waitFor('the end', () => socket.ended)).toMatchObject({ code: 4401 });
});
