import type { Gateway } from 'mcpgw';
import { expect, test } from 'vitest';
import type { startEcho } from '../../fixtures/backends/compliant/echo.ts';
import type { AdminClient } from '../../support/gateway/admin-client.ts';
import { waitFor } from '../../support/wait-for.ts';

/** A gateway in this process, its administrator, and the MCP server that is registered as `weather` and, disabled, as `off`. */
export interface OnGateway {
  gateway: Gateway;
  admin: AdminClient;
  echo: Awaited<ReturnType<typeof startEcho>>;
}

/** The examples of the project whose API this one follows, with a key. */
export function testExamples(on: OnGateway): void {
  const ask = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(`${on.gateway.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${on.gateway.key}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const read = async (answer: Response) => (await answer.json()) as Record<string, never>;

  test('GET /healthz, /health with running, restart_count and tools_cached, and /docs', async () => {
    expect((await fetch(`${on.gateway.url}/healthz`)).status).toBe(200);
    const health = await waitFor('its health', async () => {
      const found = await on.admin.must<{ status: string; backends: Record<string, { running: boolean }> }>(
        'GET',
        '/health',
      );
      return found.backends['weather']?.running === true && found;
    });
    expect(health).toMatchObject({
      status: 'healthy',
      backends: { weather: { running: true, restart_count: 0, tools_cached: 2 }, off: { running: false } },
    });
    expect(await read(await fetch(`${on.gateway.url}/health`))).toEqual({ status: 'healthy' });
    expect((await fetch(`${on.gateway.url}/docs`)).headers.get('content-type')).toContain('text/html');
  });

  test('the example client: session, servers, tools, a call; both forms of the body', async () => {
    const opened = await ask('POST', '/sessions');
    const { session_id: id, sessionId } = await read(opened);
    expect([opened.status, id]).toEqual([201, sessionId]);

    const servers = (await (await ask('GET', '/registry/servers')).json()) as { id: string; status: string }[];
    expect(servers.map((one) => [one.id, one.status])).toEqual([
      ['off', 'disconnected'],
      ['weather', 'connected'],
    ]);

    const session = { 'x-session-id': String(id) };
    const listed = await ask('POST', '/execute', { server: 'weather', tool: 'list_tools' }, session);
    expect(await read(listed)).toMatchObject({
      server: 'weather',
      result: { tools: [{ name: 'echo' }, { name: 'second' }] },
    });

    on.echo.forget();
    const called = await ask(
      'POST',
      '/execute',
      { server: 'weather', tool: 'echo', arguments: { message: 'hi' } },
      session,
    );
    expect(await read(called)).toMatchObject({ result: { content: [{ type: 'text' }] } });
    const rpc = await ask(
      'POST',
      '/execute?server=weather',
      { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'echo', arguments: { message: 'hi' } } },
      session,
    );
    expect(await read(rpc)).toMatchObject({ jsonrpc: '2.0', id: 7, result: { content: [{ type: 'text' }] } });
    // One session of the server for all of them, and none of the requests contains the key.
    const received = on.echo.received();
    expect(received.filter(({ body }) => body.includes('"initialize"'))).toHaveLength(0);
    expect(JSON.stringify(received)).not.toContain(on.gateway.key);
    expect(
      await read(await ask('POST', '/execute?server=weather', { jsonrpc: '2.0', id: 'a', method: 'tools/list' })),
    ).toMatchObject({
      id: 'a',
      result: { tools: expect.any(Array) },
    });
    const calls = await waitFor('the record of the calls', async () => {
      const { items } = await on.admin.must<{ items: { tools: string[]; server: string }[] }>(
        'GET',
        '/api/calls?tool=echo',
      );
      return items.length >= 2 && items;
    });
    expect(calls[0]).toMatchObject({ server: 'weather', tools: ['echo'] });
  });

  test('what the gate refuses is refused here too, with the same status', async () => {
    await on.admin.must('POST', '/api/agents', { name: 'limited', grants: [{ server: 'weather', tools: ['echo'] }] });
    const { key } = await on.admin.must<{ key: string }>('POST', '/api/agents/limited/keys', {});
    const as = { authorization: `Bearer ${key}` };
    expect(((await (await ask('GET', '/registry/servers', undefined, as)).json()) as object[]).length).toBe(1);
    expect(await read(await ask('POST', '/execute', { server: 'weather', tool: 'list_tools' }, as))).toMatchObject({
      result: { tools: [{ name: 'echo' }] },
    });
    const refused: [number, string, unknown, Record<string, string>][] = [
      [403, '/execute', { server: 'weather', tool: 'second' }, as],
      [403, '/execute', { server: 'off', tool: 'echo' }, as],
      [404, '/execute', { server: 'none', tool: 'echo' }, {}],
      [503, '/execute', { server: 'off', tool: 'echo' }, {}],
      [404, '/execute', { server: 'weather', tool: 'echo' }, { 'x-session-id': 'none' }],
      [422, '/execute', { tool: 'echo' }, {}],
      [422, '/execute?server=weather', { jsonrpc: '2.0', id: 1, method: 'shutdown' }, {}],
      [401, '/execute', { server: 'weather', tool: 'echo' }, { authorization: 'Bearer nonsense' }],
      [401, '/sessions', undefined, { authorization: '' }],
    ];
    for (const [status, path, body, headers] of refused)
      expect([path, JSON.stringify(body), (await ask('POST', path, body, headers)).status]).toEqual([
        path,
        JSON.stringify(body),
        status,
      ]);
    const { session_id: id } = await read(await ask('POST', '/sessions'));
    expect(
      (await ask('POST', '/execute', { server: 'weather', tool: 'echo' }, { ...as, 'x-session-id': String(id) }))
        .status,
    ).toBe(404);
    // An agent that opens sessions without end does not end those of others.
    let opened = await ask('POST', '/sessions', undefined, as);
    for (let count = 1; opened.status === 201 && count <= 100; count += 1)
      opened = await ask('POST', '/sessions', undefined, as);
    expect(opened.status).toBe(429);
    expect(Number(opened.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await read(opened)).toMatchObject({
      detail: expect.stringContaining('100 sessions'),
      hint: expect.stringContaining('X-Session-ID'),
    });
    expect(
      (await ask('POST', '/execute', { server: 'weather', tool: 'echo' }, { 'x-session-id': String(id) })).status,
    ).toBe(200);
    expect((await ask('GET', '/registry/servers', undefined, { authorization: '' })).status).toBe(401);
    expect((await ask('GET', '/sse', undefined, { authorization: '' })).status).toBe(401);
    const sse = await fetch(`${on.gateway.url}/sse`, { redirect: 'manual', headers: as });
    expect([sse.status, sse.headers.get('location')]).toEqual([307, '/mcp/sse']);
  });

  test('POST and DELETE /registry/servers with the three transports of that project', async () => {
    await on.admin.must('POST', '/api/agents', { name: 'operator', role: 'operator' });
    const { key } = await on.admin.must<{ key: string }>('POST', '/api/agents/operator/keys', {});
    const as = { authorization: `Bearer ${key}` };
    const sse = { id: 'remote-ai-service', transport: 'sse', url: on.echo.url };
    const registered = await ask('POST', '/registry/servers', sse, as);
    expect([registered.status, await read(registered)]).toMatchObject([
      201,
      { id: 'remote-ai-service', applied: true },
    ]);
    expect((await ask('POST', '/registry/servers', sse, as)).status).toBe(409);
    const stdio = { id: 'github-tools', transport: 'stdio', command: 'uvx', args: ['mcp-server-github'] };
    const docker = { id: 'desktop-commander', transport: 'docker-stdio', container: 'tinymcp-desktop-commander-1' };
    for (const body of [stdio, docker]) {
      expect((await ask('POST', '/registry/servers', body, as)).status).toBe(403);
      const asAdmin = await on.admin.ask('POST', '/registry/servers', body);
      expect(asAdmin).toMatchObject({ status: 403, body: { hint: expect.stringContaining('STDIO_COMMANDS=allow') } });
    }
    expect((await ask('POST', '/registry/servers', { id: 'x', container: '--privileged x' }, as)).status).toBe(422);
    expect((await ask('POST', '/registry/servers', sse)).status).toBe(403);
    expect((await ask('DELETE', '/registry/servers/remote-ai-service', undefined, as)).status).toBe(200);
    expect((await ask('DELETE', '/registry/servers/remote-ai-service', undefined, as)).status).toBe(404);
  });
}
