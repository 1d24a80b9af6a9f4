import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callView, type CallView, type Page } from '../../../registry/contract/index.ts';
import { connectClient, echo } from '../../support/gateway/call-tool.ts';
import { openLive } from '../../support/live/live-socket.ts';
import { waitFor } from '../../support/wait-for.ts';

import type { ActivitySite } from './activity-site.ts';

/** Search, export and the live feed of single calls. `site` is started before the tests. */
export function testCalls(site: ActivitySite): void {
  type CallsPage = Page<CallView> & { searchedTo: string | null };
  const search = (query: string) => site.gateway.admin.must<CallsPage>('GET', `/api/calls?${query}`);
  const find = (query: string, count: number) =>
    waitFor(`${count} calls by ${query}`, async () => {
      const { items } = await search(query);
      if (items.length < count) throw new Error(`${items.length} calls`);
      return items;
    });
  async function call(times: number): Promise<void> {
    const client = await connectClient(`${site.gateway.url}/found/mcp`, site.keys.caller);
    for (let n = 0; n < times; n += 1) await echo(client, `call ${n}`);
    await client.close();
  }
  const post = (sent: string) =>
    fetch(`${site.gateway.url}/found/mcp`, {
      method: 'POST',
      body: '{}',
      headers: { authorization: `Bearer ${sent}` },
    });

  test('calls are found by agent, tool, verdict, status, trace and request id, in pages', async () => {
    await call(5);
    await post(site.keys.stranger);
    const calls = await find('agent=caller&tool=echo', 5);
    for (const one of calls)
      expect(callView.parse(one)).toMatchObject({ server: 'found', status: 200, verdict: 'allowed' });
    const [refused] = await find('agent=stranger&verdict=refused', 1);
    expect(refused).toMatchObject({ status: 403, reason: 'not_granted' });
    expect((await search('status=4xx&agent=stranger')).items).toHaveLength(1);
    expect((await search('status=failed&agent=caller&tool=echo')).items).toEqual([]);
    expect((await search(`requestId=${refused?.requestId}`)).items).toMatchObject([{ agent: 'stranger' }]);
    const first = await search('agent=caller&tool=echo&limit=3');
    const second = await search(`agent=caller&tool=echo&limit=3&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(calls.map(({ id }) => id));
    expect(second).toMatchObject({ searchedTo: null });
    expect((await search(`agent=caller&to=${new Date(0).toISOString()}`)).items).toEqual([]);
    expect(statSync(join(site.gateway.dataDir, 'calls.db')).mode & 0o777).toBe(0o600);
  });

  test('an invalid search condition is refused with its name', async () => {
    const { status, body } = await site.gateway.admin.ask<{ errors: { field: string }[] }>(
      'GET',
      '/api/calls?status=many',
    );
    expect(status).toBe(422);
    expect(body.errors[0]?.field).toBe('status');
    expect((await site.gateway.admin.ask('GET', '/api/calls?cursor=nonsense')).status).toBe(400);
  });

  test('an export contains every call once, as JSON Lines and as CSV', async () => {
    const calls = await find('agent=caller', 5);
    const read = async (format: string) => {
      const response = await fetch(`${site.gateway.url}/api/calls/export?agent=caller&format=${format}`, {
        headers: { cookie: site.gateway.admin.cookie },
      });
      expect(response.headers.get('content-disposition')).toBe(`attachment; filename="calls.${format}"`);
      return response.text();
    };
    const lines = (await read('jsonl'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as CallView);
    expect(lines).toEqual(calls);
    const rows = (await read('csv')).trim().split('\r\n');
    expect(rows[0]).toContain('id,at,requestId,');
    expect(rows).toHaveLength(calls.length + 1);
  });

  test('calls that match a filter are sent over /ws, to operators only', async () => {
    const socket = openLive(site.gateway.url, { cookie: site.gateway.admin.cookie, origin: site.gateway.url });
    try {
      await socket.until('snapshot');
      socket.send({ type: 'calls.follow', filter: { agent: 'stranger' } });
      socket.send({ type: 'calls.follow', filter: { agent: 5 } });
      expect((await socket.until('calls.rejected')).detail).toContain('calls.follow');
      await call(1);
      await post(site.keys.stranger);
      const { calls } = await socket.until('calls.stored');
      expect(new Set(calls.map(({ agent }) => agent))).toEqual(new Set(['stranger']));
    } finally {
      socket.close();
    }
  });
}
