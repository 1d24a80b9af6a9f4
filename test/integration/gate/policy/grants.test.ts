import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KeyFile } from '../../../../registry/contract/gate/access-files.ts';
import { ask } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend, type RecordingBackend } from '../../../support/nginx/record-backend.ts';
import { planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';

interface Answer {
  error: { code: number; message: string; data: { reason: string } };
}

const message = (method: string, params: object = {}) => ({ jsonrpc: '2.0', id: 1, method, params });

describe.each(NGINX_KINDS)('grants in $name NGINX', (kind) => {
  let backend: RecordingBackend;
  let gate: RunningGate;
  beforeAll(async () => {
    backend = await startRecordingBackend();
    gate = await startGate(
      kind,
      ['weather', 'team/search', 'mcpgw'].map((path) => ({
        path,
        instances: [planInstance('i1', `${backend.url}/mcp`)],
      })),
    );
    gate.access.putServer('s0', { instances: [{ id: 'i1', up: true }], tags: ['public'], readOnly: ['look'] });
  });
  afterAll(async () => {
    await gate.close();
    await backend.close();
  });

  async function send(key: string, body: unknown, path = '/weather'): Promise<string> {
    const before = backend.requests.length;
    const reply = await ask(gate.url, path, { key, body: JSON.stringify(body) });
    const arrived = backend.requests.length > before;
    if (reply.status === 200) {
      expect(arrived).toBe(true);
      return 'passed';
    }
    expect(arrived).toBe(false);
    expect((reply.json as Answer).error.code).toBe(-32053);
    return (reply.json as Answer).error.data.reason;
  }

  const narrow: Partial<KeyFile> = {
    grants: [
      { server: 'weather', tools: ['get_*', 'annotation:readOnly', '!get_secret'], resources: ['docs://*'] },
      { server: 'weather', tools: ['get_more'], prompts: ['tag:public'] },
      { server: 'team/*', tools: ['*'] },
    ],
  };

  test.each([
    ['tools/call', { name: 'get_item' }, 'passed'],
    ['tools/call', { name: 'look' }, 'passed'],
    ['tools/call', { name: 'get_secret' }, 'tool_not_granted'],
    ['tools/call', { name: 'GET_SECRET' }, 'tool_not_granted'],
    ['tools/call', { name: 'drop' }, 'tool_not_granted'],
    ['resources/read', { uri: 'docs://a' }, 'passed'],
    ['resources/read', { uri: 'docs://a/../../b' }, 'resource_not_granted'],
    ['resources/read', { uri: 'file:///a' }, 'resource_not_granted'],
    ['resources/read', { uri: 1 }, 'method_not_granted'],
    ['resources/subscribe', { uri: 'file:///a' }, 'resource_not_granted'],
    ['resources/unsubscribe', { uri: 'file:///a' }, 'resource_not_granted'],
    ['prompts/get', { name: 'any' }, 'passed'],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'any' } }, 'passed'],
    ['completion/complete', { ref: { type: 'ref/resource', uri: 'file:///{x}' } }, 'resource_not_granted'],
    ['completion/complete', { ref: { type: 'ref/prompt', name: 'any', uri: 'file:///a' } }, 'resource_not_granted'],
    ['completion/complete', {}, 'method_not_granted'],
    ['tasks/result', { taskId: 'x' }, 'method_not_granted'],
    ['TOOLS/CALL', { name: 'drop' }, 'method_not_granted'],
    ['vendor/method', {}, 'method_not_granted'],
    ['subscriptions/listen', { notifications: { toolsListChanged: true } }, 'passed'],
    ['subscriptions/listen', { notifications: { resourceSubscriptions: ['docs://a', 'docs://b'] } }, 'passed'],
    [
      'subscriptions/listen',
      { notifications: { resourceSubscriptions: ['docs://a', 'file:///a'] } },
      'resource_not_granted',
    ],
    ['subscriptions/listen', { notifications: { resourceSubscriptions: 'docs://a' } }, 'method_not_granted'],
    ['subscriptions/listen', { notifications: [{ resourceSubscriptions: ['file:///a'] }] }, 'method_not_granted'],
    ['subscriptions/listen', {}, 'passed'],
    ['ping', {}, 'passed'],
    ['initialize', {}, 'passed'],
    ['server/discover', {}, 'passed'],
    ['notifications/initialized', {}, 'passed'],
  ])('%s %j: %s', async (method, params, outcome) => {
    const key = gate.access.addAgent('narrow', narrow);
    expect(await send(key, message(method, params))).toBe(outcome);
    // The same in a batch, and as a notification.
    expect(await send(key, [message('ping'), message(method, params)])).toBe(outcome);
    const notification = { jsonrpc: '2.0', method, params };
    expect(await send(key, [message('ping'), notification])).toBe(outcome);
    const whole = gate.access.addAgent('whole');
    expect(await send(whole, message(method, params))).toBe('passed');
  });

  test('a change of grants takes effect on the next request, in both directions', async () => {
    const key = gate.access.addAgent('changing', narrow);
    const call = message('tools/call', { name: 'drop' });
    for (const allowed of [true, false, true]) {
      gate.access.putKey(key, 'changing', allowed ? {} : narrow);
      expect(await send(key, call)).toBe(allowed ? 'passed' : 'tool_not_granted');
    }
    const tagged = gate.access.addAgent('tagged', { grants: [{ server: '*', tools: ['tag:public'] }] });
    expect(await send(tagged, call)).toBe('passed');
    expect(await send(tagged, call, '/team/search')).toBe('not_granted');
  });

  test('"*" does not include the management server, and a key can be limited to fewer servers than its agent', async () => {
    const call = message('tools/call', { name: 'drop' });
    const all = gate.access.addAgent('all');
    expect(await send(all, call, '/mcpgw')).toBe('not_granted');
    const limited = gate.access.addAgent('limited', { servers: ['team/*'] });
    expect(await send(limited, call)).toBe('not_granted');
    expect(await send(limited, call, '/team/search')).toBe('passed');
  });

  test('a grant applies only within its hours and until it expires', async () => {
    const call = message('tools/call', { name: 'drop' });
    const whole = { server: '*', tools: ['*'] };
    const minute = Math.floor(Date.now() / 60_000) % 1_440;
    const days = [1, 2, 3, 4, 5, 6, 7];
    const during = (from: number, to: number) => ({
      grants: [
        { ...whole, hours: { days, from: (minute + from + 1_440) % 1_440, to: (minute + to) % 1_440, offsets: [] } },
      ],
    });
    expect(await send(gate.access.addAgent('now', during(-60, 60)), call)).toBe('passed');
    expect(await send(gate.access.addAgent('later', during(120, 180)), call)).toBe('not_granted');
    const past = { grants: [{ ...whole, expiresAt: Date.now() - 1 }] };
    expect(await send(gate.access.addAgent('past', past), call)).toBe('not_granted');
    const denied = { grants: [whole, { ...whole, deny: true as const, expiresAt: Date.now() + 3_600_000 }] };
    expect(await send(gate.access.addAgent('denied', denied), call)).toBe('not_granted');
  });
});
