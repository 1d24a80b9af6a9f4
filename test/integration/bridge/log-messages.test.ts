import { LOG_LEVEL_META_KEY } from '@modelcontextprotocol/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEverythingFixture } from '../../fixtures/everything/start.ts';
import type { Fixture } from '../../fixtures/kit/listen.ts';
import { connectAs } from '../../support/bridge/connect-as.ts';
import { startGateway, type Gateway } from '../../support/gateway/start-gateway.ts';

let gateway: Gateway;
let fixtures: Fixture[];
let key: string;

beforeAll(async () => {
  const [started, modern, legacy] = await Promise.all([
    startGateway(),
    startEverythingFixture({ era: 'modern' }),
    startEverythingFixture({ era: 'legacy' }),
  ]);
  [gateway, fixtures] = [started, [modern, legacy]];
  await gateway.register({ path: 'modern-only', url: modern.url, adapt: true });
  await gateway.register({ path: 'with-sessions', url: legacy.url, adapt: true });
  ({ key } = await gateway.createAgent(['modern-only', 'with-sessions']));
});
afterAll(async () => {
  await gateway.close();
  await Promise.all(fixtures.map((one) => one.close()));
});

const logged = (notified: string[]) => notified.filter((one) => one.startsWith('log'));

test.each(['modern-only', 'with-sessions'])(
  'a client without sessions gets log messages only for a request that enables them, from %s',
  async (path) => {
    const { call, notified, close } = await connectAs('modern', `${gateway.url}/${path}/mcp`, key);
    const ask = (level?: string) =>
      call('test_tool_with_logging', {}, level === undefined ? {} : { meta: { [LOG_LEVEL_META_KEY]: level } });
    // The messages of a request arrive before its result. They have the level "info".
    await ask();
    expect(logged(notified)).toEqual([]);
    await ask('error');
    expect(logged(notified)).toEqual([]);
    await ask('debug');
    expect(logged(notified)).toEqual([
      'log "Tool execution started"',
      'log "Tool processing data"',
      'log "Tool execution completed"',
    ]);
    await ask('warning');
    await ask();
    expect(logged(notified)).toHaveLength(3);
    await close();
  },
);
