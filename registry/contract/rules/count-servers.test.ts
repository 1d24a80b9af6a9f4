import { expect, test } from 'vitest';
import { countServers } from './count-servers.ts';

test('tools of disabled servers do not count', () => {
  expect(
    countServers([
      { status: 'healthy', enabled: true, toolCount: 3 },
      { status: 'unhealthy', enabled: true, toolCount: 2 },
      { status: 'disabled', enabled: false, toolCount: 9 },
    ]),
  ).toEqual({ servers: 3, healthy: 1, tools: 5 });
});
