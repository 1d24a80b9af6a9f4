import { expect } from 'vitest';
import { findFreePorts } from '../../../support/processes/free-ports.ts';
import { ask, type Reply } from '../../../support/nginx/ask.ts';
import type { NginxKind } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend } from '../../../support/nginx/record-backend.ts';
import { planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';

type Question = Parameters<typeof ask>[2];
interface ExpectedRefusal {
  status: number;
  code: number;
  reason: string;
  id?: unknown;
}

/** A gate in front of servers that are running, off, rejected, unreachable or not granted; `key` is of an agent with grants for all but "other". */
export interface RefusingGate {
  gate: RunningGate;
  key: string;
  /** Sends a request, and checks the reply and that nothing reached the backend. */
  expectRefusal: (path: string, question: Question, expected: ExpectedRefusal) => Promise<Reply>;
  close: () => Promise<void>;
}

export async function startRefusingGate(kind: NginxKind): Promise<RefusingGate> {
  const backend = await startRecordingBackend();
  const [closed = 0] = await findFreePorts(1);
  const gate = await startGate(
    kind,
    [
      { path: 'weather', instances: [planInstance('i1', `${backend.url}/mcp`)] },
      { path: 'team/search', instances: [planInstance('i1', `${backend.url}/mcp`)] },
      { path: 'aside', instances: [] },
      { path: 'off', instances: [planInstance('i1', `${backend.url}/mcp`)] },
      { path: 'gone', instances: [planInstance('i1', `http://127.0.0.1:${closed}/mcp`)] },
      { path: 'other', instances: [planInstance('i1', `${backend.url}/mcp`)] },
    ],
    { maxBodyBytes: 100_000 },
  );
  const key = gate.access.addAgent('bob', {
    grants: ['weather', 'team/*', 'aside', 'off', 'gone'].map((server) => ({ server, tools: ['*'] })),
  });
  gate.access.putServer('s3', {
    state: 'off',
    instances: [{ id: 'i1', up: true, weight: 1 }],
  });

  async function expectRefusal(path: string, question: Question, expected: ExpectedRefusal) {
    const before = backend.requests.length;
    const reply = await ask(gate.url, path, question);
    expect(reply.json).toMatchObject({
      jsonrpc: '2.0',
      id: expected.id ?? null,
      error: { code: expected.code, data: { status: expected.status, reason: expected.reason } },
    });
    expect(reply.status).toBe(expected.status);
    expect(reply.headers['content-type']).toContain('application/json');
    const { error } = reply.json as { error: { message: string; data: { hint: string } } };
    expect(error.message.length).toBeGreaterThan(5);
    expect(error.data.hint.length).toBeGreaterThan(5);
    expect(backend.requests.length).toBe(before);
    return reply;
  }

  const close = async () => {
    await gate.close();
    await backend.close();
  };
  return { gate, key, expectRefusal, close };
}
