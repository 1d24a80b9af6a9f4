import { readFileSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createLinePattern, parseCall } from '../../../registry/activity/rollups/parse-call.ts';
import { serverStats, statsView, type StatsView } from '../../../registry/contract/index.ts';
import { connectClient, echo } from '../../support/gateway/call-tool.ts';
import { waitFor } from '../../support/wait-for.ts';

import type { ActivitySite } from './activity-site.ts';

/** Counts and durations of calls. `site` is started before the tests. */
export function testStats(site: ActivitySite): void {
  async function readStats(query = ''): Promise<StatsView> {
    return statsView.parse(await site.gateway.admin.must('GET', `/api/stats${query}`));
  }
  async function call(times: number): Promise<void> {
    const client = await connectClient(`${site.gateway.url}/counted/mcp`, site.keys.counter);
    for (let n = 0; n < times; n++) await echo(client, `call ${n}`);
    await client.close();
  }
  const reach = (calls: number) =>
    waitFor(`${calls} calls in the statistics`, async () => {
      const stats = await readStats('?server=counted');
      if (stats.totals.calls !== calls) throw new Error(`${stats.totals.calls} calls`);
      return stats;
    });

  test('every line that NGINX writes matches the definition, and all calls are counted', async () => {
    await call(25);
    await expect(connectClient(`${site.gateway.url}/counted/mcp`, site.keys.stranger)).rejects.toThrow();
    await fetch(`${site.gateway.url}/counted/mcp`, {
      method: 'POST',
      body: 'no JSON',
      headers: { authorization: 'Bearer nonsense' },
    });
    const stats = await reach(25);
    expect(stats.totals.errors).toBe(0);
    expect(stats.totals.p95Ms).not.toBeNull();
    expect(stats.tools).toMatchObject([{ server: 'counted', tool: 'echo', calls: 25, errors: 0 }]);
    expect(stats.agents.find(({ agent }) => agent === 'counter')).toMatchObject({ calls: 25, refused: 0 });
    expect(stats.brokenLines).toBe(0);
    await waitFor('the refusals', async () => (await readStats()).totals.refused >= 2);
    const { items } = serverStats.parse(await site.gateway.admin.must('GET', '/api/stats/servers?range=hour'));
    const counted = items.find(({ server }) => server === 'counted');
    expect(counted).toMatchObject({ calls: 25, errors: 0 });
    expect(counted?.p95Ms).not.toBeNull();
    // Exact to a minute.
    expect(Date.now() - Date.parse(counted?.firstRefusedAt ?? '')).toBeLessThan(30 * 60_000);
    const { regExp } = createLinePattern();
    for (const line of readFileSync(join(site.gateway.logDir, 'calls.log'), 'utf8').trim().split('\n')) {
      expect(parseCall(line), line).not.toBeNull();
      // The fast path: if the rendered format and the pattern diverged, every line would be parsed.
      regExp.lastIndex = 0;
      expect(`${line}\n`).toMatch(regExp);
    }
  });

  test('rotating the log under traffic loses no call and counts none twice', async () => {
    const before = (await readStats('?server=counted')).totals.calls;
    const log = join(site.gateway.logDir, 'calls.log');
    const traffic = call(60);
    const size = statSync(log).size;
    await waitFor('some traffic', () => statSync(log).size > size);
    renameSync(log, `${log}.1`);
    await traffic;
    // The registry makes NGINX reopen the log, as after rotating it.
    await waitFor('a new log', () => readdirSync(site.gateway.logDir).includes('calls.log'));
    await call(15);
    await reach(before + 75);
  });

  test('reading the statistics requires at least the role viewer', async () => {
    const viewer = await site.gateway.createAgent([], { role: 'viewer' });
    const none = await site.gateway.createAgent([]);
    const ask = async (authorization?: string) =>
      (
        await fetch(`${site.gateway.url}/api/stats?range=week`, {
          headers: authorization === undefined ? {} : { authorization },
        })
      ).status;
    expect(await ask(`Bearer ${viewer.key}`)).toBe(200);
    expect(await ask(`Bearer ${none.key}`)).toBe(403);
    expect(await ask()).toBe(401);
  });
}
