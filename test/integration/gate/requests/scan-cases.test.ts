import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCAN_CASES } from '../../../../nginx/gate/json/scan/cases/index.ts';
import { ask } from '../../../support/nginx/ask.ts';
import { NGINX_KINDS } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend, type RecordingBackend } from '../../../support/nginx/record-backend.ts';
import { planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';

// The cases that the scanner passes in Node and under luajit, sent to NGINX, which buffers long ones in a file.
describe.each(NGINX_KINDS)('bodies read by $name NGINX', (kind) => {
  let backend: RecordingBackend;
  let gate: RunningGate;
  let key: string;
  beforeAll(async () => {
    backend = await startRecordingBackend();
    gate = await startGate(kind, [{ path: 'weather', instances: [planInstance('i1', `${backend.url}/mcp`)] }]);
    key = gate.access.addAgent('bob');
  });
  afterAll(async () => {
    await gate.close();
    await backend.close();
  });

  test.each(SCAN_CASES)('$name', async ({ body, reason, id }) => {
    const before = backend.requests.length;
    const reply = await ask(gate.url, '/weather', { method: 'POST', body: Buffer.from(body, 'latin1'), key });
    if (reason === undefined) {
      expect(reply.status).toBe(200);
      expect(backend.requests.length).toBe(before + 1);
      return;
    }
    expect(reply.status).toBe(400);
    expect(reply.json).toMatchObject({ error: { code: -32058, data: { reason } } });
    // Byte for byte, which a parsed number would not show.
    const written = Buffer.from(id ?? 'null', 'latin1').toString();
    expect(reply.text.slice(0, reply.text.indexOf(',"error"'))).toBe(`{"jsonrpc":"2.0","id":${written}`);
    expect(backend.requests.length).toBe(before);
  });
});
