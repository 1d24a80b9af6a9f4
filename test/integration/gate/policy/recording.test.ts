import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend, type RecordingBackend } from '../../../support/nginx/record-backend.ts';
import { planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';
import { waitFor } from '../../../support/wait-for.ts';

const SECRET = `ghp_${'a1'.repeat(18)}`;
const ALL = { toolErrors: true, arguments: true, results: true, redact: ['iban'] };
const respond = (result: unknown) => JSON.stringify({ jsonrpc: '2.0', id: 1, result });
const failed = respond({ content: [{ type: 'text', text: `no, ${SECRET}` }], isError: true });
const fine = respond({
  content: [{ type: 'text', text: 'it said "isError":true' }],
  structuredContent: { isError: true },
});

describe.each(NGINX_KINDS)('recording in $name NGINX', (kind) => {
  let backend: RecordingBackend;
  let gate: RunningGate;
  let whole: string;
  let narrow: string;
  let answer: { type: string; body: string | Buffer; encoding?: string };
  let calls = 0;

  beforeAll(async () => {
    backend = await startRecordingBackend((_request, reply) => {
      reply.setHeader('Content-Type', answer.type);
      if (answer.encoding !== undefined) reply.setHeader('Content-Encoding', answer.encoding);
      const body = Buffer.from(answer.body);
      for (let at = 0; at < body.length; at += 1_000) reply.write(body.subarray(at, at + 1_000));
      reply.end();
    });
    gate = await startGate(kind, [{ path: 'shop', instances: [planInstance('i1', `${backend.url}/mcp`)] }]);
    whole = gate.access.addAgent('whole');
    narrow = gate.access.addAgent('narrow', { grants: [{ server: 'shop', tools: ['tool-*'] }] });
  });
  afterAll(async () => {
    await gate.close();
    await backend.close();
  });
  const setRecording = (recording: typeof ALL | undefined) =>
    gate.access.putServer('s0', { instances: [{ id: 'i1', up: true }], ...(recording && { recording }) });

  /** Calls a tool and returns its line of calls.log. */
  async function call(reply: typeof answer, given: object = {}, key = whole) {
    answer = reply;
    const tool = `tool-${(calls += 1)}`;
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { arguments: given, name: tool },
    });
    const got = await ask(gate.url, '/shop', { key, body });
    if (typeof reply.body === 'string') expect(got.text).toBe(reply.body);
    return waitFor('the line', () => gate.calls().find(({ tools }) => tools[0] === tool));
  }
  const json = (body: string) => ({ type: 'application/json', body });

  test('nothing is recorded unless the server is set to record it', async () => {
    setRecording(undefined);
    const line = await call(json(failed), { text: 'x' });
    for (const name of ['toolError', 'arguments', 'result']) expect(line).not.toHaveProperty(name);
  });

  test('failures of tools, arguments and results are recorded, redacted, and the reply is forwarded unchanged', async () => {
    setRecording(ALL);
    for (const key of [whole, narrow]) {
      const line = await call(json(failed), { city: 'Köln', iban: 'DE00', list: [{ token: 'x' }, SECRET] }, key);
      expect(line.toolError).toBe(true);
      expect(JSON.parse(line.arguments ?? '')).toEqual({
        city: 'Köln',
        iban: '[redacted]',
        list: [{ token: '[redacted]' }, '[redacted]'],
      });
      expect(line.result).toContain('"isError":true');
      expect(JSON.stringify(line)).not.toContain(SECRET);
      expect((await call(json(fine), {}, key)).toolError).toBe(false);
    }
    expect(backend.requests.at(-1)?.headers['accept-encoding']).toBe('identity');
  });

  test('a reply as events is read too, after messages that are not responses', async () => {
    setRecording(ALL);
    const event = (data: string) => `event: message\r\ndata: ${data}\r\n\r\n`;
    const body = event('{"jsonrpc":"2.0","method":"notifications/progress","params":{}}') + event(failed);
    expect((await call({ type: 'text/event-stream', body })).toolError).toBe(true);
  });

  test('names of members are recognised when they are written with escapes', async () => {
    setRecording(ALL);
    const escaped = failed.replace('"result"', '"\\u0072esult"').replace('"isError"', '"\\u0069sError"');
    const line = await call(json(escaped.replace('"text":"no', '"pass\\u0077ord":"hunter22","text":"no')));
    expect(line.toolError).toBe(true);
    expect(line.result).not.toContain('hunter22');
    expect(line.result).toContain('[redacted]');
  });

  test('only what is set to be recorded is recorded', async () => {
    setRecording({ ...ALL, arguments: false, results: false });
    const line = await call(json(failed), { text: 'x' });
    expect(line.toolError).toBe(true);
    for (const name of ['arguments', 'result']) expect(line).not.toHaveProperty(name);
    setRecording({ ...ALL, toolErrors: false, results: false });
    expect(await call(json(failed), { text: 'x' })).not.toHaveProperty('toolError');
  });

  test('a long, compressed or broken reply is not recorded, and long arguments are cut before a secret', async () => {
    setRecording(ALL);
    const long = respond({ content: [{ type: 'text', text: 'x'.repeat(200_000) }], isError: true });
    const line = await call(json(long), { text: 'y'.repeat(8_000), key: SECRET, more: SECRET.repeat(20) });
    expect(line).not.toHaveProperty('toolError');
    expect(line).not.toHaveProperty('result');
    expect(line.arguments?.length).toBeLessThan(8_300);
    expect(JSON.stringify(line)).not.toContain('ghp_');
    const packed = { type: 'application/json', body: gzipSync(failed), encoding: 'gzip' };
    expect(await call(packed)).not.toHaveProperty('toolError');
    expect(await call(json('{"jsonrpc":'))).not.toHaveProperty('toolError');
  });
});
