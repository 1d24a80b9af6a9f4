import { expect, test } from 'vitest';
import { actor } from '../../servers/catalogue.ts';
import { startHttp } from '../backends.ts';
import { mcp, SELF, tool, type Message } from '../probe/odd/odd-case.ts';
import { prepareHealth } from '../prepare-health.ts';

const { it, use, stop, register, status } = prepareHealth();

/** A server that records the methods that are requested. */
function recording(over: Parameters<typeof mcp>[0] = {}) {
  const requested: string[] = [];
  const serve = mcp(over, ({ method, id }) => {
    if (id !== undefined) requested.push(method);
    return false;
  });
  return { requested, serve };
}

test('a server whose era is known is checked in it, until it was down or a refresh is requested', async () => {
  const { requested, serve } = recording();
  const backend = await use(startHttp(serve));
  await register('old', `${backend.url}/mcp`);
  expect(requested).toEqual(['server/discover', 'initialize', 'tools/list']);
  requested.length = 0;
  await it.health.sweep();
  expect(requested).toEqual(['initialize']);
  requested.length = 0;
  await it.health.refresh('old');
  expect(requested).toEqual(['server/discover', 'initialize', 'tools/list']);
});

test('a flaw remains reported while only the handshake is checked, and the list is not requested each time', async () => {
  const { requested, serve } = recording({ initialize: { result: { ...SELF, serverInfo: { name: 'odd' } } } });
  const backend = await use(startHttp(serve));
  await register('flawed', `${backend.url}/mcp`);
  requested.length = 0;
  for (let sweep = 0; sweep < 3; sweep += 1) await it.health.sweep();
  expect(requested).toEqual(['initialize', 'initialize', 'initialize']);
  expect(await it.servers.get('flawed')).toMatchObject({
    status: 'degraded',
    error: expect.stringContaining('lacks serverInfo.version') as string,
  });
});

test('a page that fails hides no known tool', async () => {
  let fails = false;
  const list = ({ params }: Message) => {
    if (params?.cursor === undefined) return { result: { tools: [tool('a')], nextCursor: '2' } };
    return fails ? { error: { code: -32603, message: 'gone' } } : { result: { tools: [tool('b')] } };
  };
  const backend = await use(startHttp(mcp({ 'tools/list': list })));
  await register('paged', `${backend.url}/mcp`);
  fails = true;
  await it.health.refresh('paged');
  expect(await status('paged')).toBe('degraded');
  expect((await it.tools.tools('paged')).tools.map(({ name }) => name)).toEqual(['a', 'b']);
  fails = false;
  await it.health.refresh('paged');
  expect(await status('paged')).toBe('healthy');
});

test('uptime counts a failed check even before the status changes', async () => {
  const [one, two] = [await use(startHttp(mcp())), await use(startHttp(mcp()))];
  await register('single', `${one.url}/mcp`);
  await it.servers.register(
    actor,
    it.input({ path: 'pair', instances: [{ url: `${one.url}/mcp` }, { url: `${two.url}/mcp` }] }),
  );
  await stop(one);
  await it.health.sweep();
  expect(await it.health.history('single', 10)).toMatchObject({
    health: 'healthy',
    uptime: 0.5,
    checks: [{ health: 'unhealthy' }, { health: 'healthy' }],
  });
  // The other instance still serves.
  expect(await it.health.history('pair', 10)).toMatchObject({ uptime: 1, checks: [{ health: 'degraded' }, {}] });
  await stop(two);
  await it.health.sweep();
  expect(await it.health.history('pair', 10)).toMatchObject({ checks: [{ health: 'unhealthy' }, {}, {}] });
});
