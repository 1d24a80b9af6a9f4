import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseCall } from '../../../registry/activity/rollups/parse-call.ts';
import { ask, callBody } from '../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../support/nginx/nginx-kinds.ts';
import type { RunningGate } from '../../support/nginx/start-gate.ts';
import { waitFor } from '../../support/wait-for.ts';
import { startRefusingGate, type RefusingGate } from './requests/rejecting-gate.ts';

// Every error of docs/errors.md, by cause: code, status, reason, never HTML, and no 4xx for something that is only unavailable.
describe.each(NGINX_KINDS)('error responses of the gateway on $name NGINX', (kind) => {
  let gate: RunningGate;
  let key: string;
  let expectRefusal: RefusingGate['expectRefusal'];
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ gate, key, expectRefusal, close } = await startRefusingGate(kind));
  });
  afterAll(() => close());

  const body = callBody('echo', 'abc');

  test('a missing or invalid key gets 401 -32051 with WWW-Authenticate', async () => {
    const none = await expectRefusal('/weather/mcp', { body }, { status: 401, code: -32051, reason: 'key_missing' });
    expect(none.headers['www-authenticate']).toBe('Bearer');
    const wrong = `${key.slice(0, 20)}${key[20] === 'a' ? 'b' : 'a'}${key.slice(21)}`;
    await expectRefusal('/weather/mcp', { body, key: wrong }, { status: 401, code: -32051, reason: 'key_mistyped' });
    await expectRefusal('/weather/mcp', { body, key: 'x' }, { status: 401, code: -32051, reason: 'key_malformed' });
    await expectRefusal(
      '/weather/mcp',
      { key: 'a/../../gate' },
      { status: 401, code: -32051, reason: 'key_malformed' },
    );
    const revoked = gate.access.addAgent('eve');
    gate.access.revoke(revoked);
    const unknown = await expectRefusal(
      '/weather/mcp',
      { body, key: revoked },
      { status: 401, code: -32051, reason: 'key_unknown' },
    );
    expect(unknown.headers['www-authenticate']).toBe(
      'Bearer error="invalid_token", error_description="the key is unknown or was revoked"',
    );
    const queried = await ask(gate.url, `/weather/mcp?key=${key}&api_key=${key}`, { body });
    expect(queried.status).toBe(401);
  });

  test('an expired key or agent gets 401, a disabled agent 403', async () => {
    const expired = gate.access.addAgent('late', { expiresAt: Date.now() - 1 });
    await expectRefusal('/weather', { body, key: expired }, { status: 401, code: -32051, reason: 'key_expired' });
    const lapsed = gate.access.addAgent('lapsed', { agentExpiresAt: Date.now() - 1 });
    await expectRefusal('/weather', { body, key: lapsed }, { status: 401, code: -32051, reason: 'agent_expired' });
    const disabled = gate.access.addAgent('disabled', { enabled: false });
    await expectRefusal('/weather', { body, key: disabled }, { status: 403, code: -32053, reason: 'agent_disabled' });
  });

  test('a call without a grant gets 403 -32053 with the id', async () => {
    await expectRefusal('/other/mcp', { body, key }, { status: 403, code: -32053, reason: 'not_granted', id: 'abc' });
    const none = gate.access.addAgent('none', { grants: [] });
    await expectRefusal('/weather', { key: none }, { status: 403, code: -32053, reason: 'not_granted' });
  });

  test('an unknown path gets 404 -32054, with any key', async () => {
    for (const question of [{ body, key }, { body }, { key: 'nonsense' }, {}])
      await expectRefusal('/nope/mcp', question, { status: 404, code: -32054, reason: 'unknown_path' });
    for (const path of [
      '/mcp/nope',
      '/mcp/weather/other',
      '/-/x',
      '/weather2',
      '/weather/other',
      '/upstream/s0/i1/mcp',
      '/x/../upstream/s0/i1/mcp',
      '/_wrong-key',
    ])
      await expectRefusal(path, { key }, { status: 404, code: -32054, reason: 'unknown_path' });
    await expectRefusal('/', { body, key }, { status: 404, code: -32054, reason: 'unknown_path' });
  });

  test('a disabled, rejected, killed or unreachable server gets 503 -32055', async () => {
    const expected = { status: 503, code: -32055, id: 'abc' };
    await expectRefusal('/off/mcp', { body, key }, { ...expected, reason: 'server_disabled' });
    await expectRefusal('/aside/mcp', { body, key }, { ...expected, reason: 'server_rejected' });
    await expectRefusal('/gone/mcp', { body, key }, { ...expected, reason: 'unreachable' });
    gate.access.putGate({ killed: 'audit' });
    await expectRefusal('/weather/mcp', { body, key }, { ...expected, reason: 'killed' });
    // Also when someone overwrites the file in place, with the same name, inode and size.
    gate.access.putGate({ killed: null });
    await ask(gate.url, '/weather', { body, key });
    const file = join(gate.folders.accessDir, 'gate.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"killed":null', '"killed":"ad"'));
    await expectRefusal('/weather/mcp', { body, key }, { ...expected, reason: 'killed' });
    gate.access.putGate({ killed: null });
    expect((await ask(gate.url, '/weather/mcp', { body, key })).status).toBe(200);
  });

  test('an unknown session gets 404, so that the client initialises again', async () => {
    for (const session of ['abc', 'abc~i1.0123456789abcdef', '~', ''])
      await expectRefusal(
        '/weather',
        { body, key, headers: { 'Mcp-Session-Id': session || 'x' } },
        { status: 404, code: -32001, reason: 'session_unknown', id: 'abc' },
      );
  });

  test('a tool that is not granted, or not approved in the tool lock of the server, gets 403', async () => {
    const some = gate.access.addAgent('some', { grants: [{ server: 'weather', tools: ['echo'] }] });
    expect((await ask(gate.url, '/weather', { body, key: some })).status).toBe(200);
    const expected = { status: 403, code: -32053, reason: 'tool_not_granted' };
    await expectRefusal('/weather', { body: callBody('add', 9), key: some }, { ...expected, id: 9 });
    await expectRefusal('/weather', { body: `[${callBody('echo')},${callBody('add')}]`, key: some }, expected);
    // Tools are locked: granted, but not approved.
    gate.access.putServer('s0', { instances: [{ id: 'i1', up: true, weight: 1 }], tools: { echo: 'x' } });
    const notApproved = { ...expected, reason: 'tool_not_approved', id: 9 };
    await expectRefusal('/weather', { body: callBody('add', 9), key }, notApproved);
    await expectRefusal('/weather', { body: callBody('add', 9), key: some }, { ...expected, id: 9 });
    gate.access.putServer('s0', { instances: [{ id: 'i1', up: true, weight: 1 }] });
    // The header of the modern protocol does not allow the call in the body.
    const lying = { 'Mcp-Name': 'echo', 'Mcp-Method': 'tools/call', 'MCP-Protocol-Version': '2025-11-25' };
    const reply = await ask(gate.url, '/weather', { body: callBody('add'), key: some, headers: lying });
    expect(reply.status).toBeGreaterThanOrEqual(400);
  });

  test('every refusal returns the id exactly as it was sent', async () => {
    const some = gate.access.addAgent('writer', { grants: [{ server: 'weather', tools: ['echo'] }] });
    const session = { 'Mcp-Session-Id': 'x' };
    const causes: [path: string, as: string, headers: Record<string, string>, reason: string][] = [
      ['/other', key, {}, 'not_granted'],
      ['/off', key, {}, 'server_disabled'],
      ['/aside', key, {}, 'server_rejected'],
      ['/gone', key, {}, 'unreachable'],
      ['/weather', key, session, 'session_unknown'],
      ['/weather', key, { 'Mcp-Name': 'x' }, 'header_mismatch'],
      ['/weather', some, {}, 'tool_not_granted'],
    ];
    for (const id of ['1785000000000000001', '1.0', '1e2', '"\\u00e9"'])
      for (const [path, as, headers, reason] of causes) {
        const reply = await ask(gate.url, path, {
          key: as,
          headers,
          body: callBody('add').replace('"id":1', `"id":${id}`),
        });
        expect(reply.json, reply.text).toMatchObject({ error: { data: { reason } } });
        expect(reply.text.slice(0, reply.text.indexOf(',"error"'))).toBe(`{"jsonrpc":"2.0","id":${id}`);
      }
  });

  test('broken access files refuse requests and never disclose their content', async () => {
    const victim = gate.access.addAgent('victim');
    const expected = { status: 401, code: -32051 };
    gate.access.put(gate.access.keyFileOf(victim), '{"v":2,"agent":"vic');
    await expectRefusal('/weather', { body, key: victim }, { ...expected, reason: 'key_unknown' });
    gate.access.put(gate.access.keyFileOf(victim), { v: 1, agent: 'victim', enabled: true, grants: [] });
    await expectRefusal('/weather', { body, key: victim }, { ...expected, reason: 'key_unknown' });
    gate.access.put(gate.access.keyFileOf(victim), { v: 2, agent: 'victim', enabled: true });
    await expectRefusal('/weather', { body, key: victim }, { ...expected, reason: 'key_unknown' });
    gate.access.put('servers/s1.json', '');
    await expectRefusal('/team/search', { body, key }, { status: 503, code: -32055, reason: 'not_ready', id: 'abc' });
    gate.access.remove('servers/s1.json');
    await expectRefusal('/team/search', { body, key }, { status: 503, code: -32055, reason: 'not_ready', id: 'abc' });
    gate.access.remove('gate.json');
    await expectRefusal('/weather', { body, key }, { status: 503, code: -32055, reason: 'not_ready', id: 'abc' });
    gate.access.putGate({});
    expect(gate.nginx.errorLog()).toContain('/servers/s1.json: ');
    expect(gate.nginx.errorLog()).not.toContain(victim);
  });

  test('wrong keys are limited by address, right ones are not', async () => {
    const wrong = gate.access.addAgent('ghost');
    gate.access.revoke(wrong);
    const statuses: number[] = [];
    let limited;
    for (let i = 0; i < 60; i += 1) {
      const reply = await ask(gate.url, '/weather', { body, key: wrong });
      statuses.push(reply.status);
      if (reply.status === 429) limited = reply;
    }
    expect(statuses[0]).toBe(401);
    expect(limited?.json).toMatchObject({ error: { code: -32059, data: { status: 429 } } });
    expect(Number(limited?.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask(gate.url, '/weather', { body, key })).status).toBe(200);
  });

  test('each request is logged in one line that matches the contract and contains no key', async () => {
    const mark = { 'Mcp-Protocol-Version': '2026-07-28', traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01` };
    await ask(gate.url, '/weather', { body: callBody('last "tool"\n'), key, headers: mark });
    // NGINX writes the line after the reply.
    await waitFor('the line', () => gate.calls().some((line) => line.tools[0] === 'last "tool"\n'));
    const lines = gate.calls();
    for (const line of lines) expect(parseCall(JSON.stringify(line))).not.toBeNull();
    expect(lines.at(-1)).toMatchObject({
      agent: 'bob',
      server: 'weather',
      instance: 'i1',
      era: 'modern',
      methods: ['tools/call'],
      status: 200,
      verdict: 'allowed',
      trace: 'ab'.repeat(16),
    });
    const unreachable = lines.find((line) => line.reason === 'unreachable');
    expect(unreachable).toMatchObject({ agent: 'bob', server: 'gone', verdict: 'refused', status: 503, http: 'POST' });
    expect(lines.find((line) => line.reason === 'too_many_wrong_keys')).toMatchObject({ status: 429 });
    expect(JSON.stringify(lines)).not.toContain(key);
    expect(gate.nginx.errorLog()).not.toContain(key.slice(4));
  });
});
