import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { LimitFile } from '../../../../registry/contract/gate/access-files.ts';
import type { Counters } from '../../../../registry/access/limits/read-use.ts';
import { createCounterReader } from '../../../../registry/publishing/reload/read-counters.ts';
import { ask, callBody, type Reply } from '../../../support/nginx/ask.ts';
import type { NginxKind } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend, type RecordingBackend } from '../../../support/nginx/record-backend.ts';
import { planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';

/** A rule of an agent, as the registry would write it; its id is derived from its scope. */
export function rule(more: Partial<LimitFile>): LimitFile {
  const about = JSON.stringify([more.of, more.name, more.server, more.tool, more.perAgent]);
  const id = createHash('sha256').update(about).digest('hex').slice(0, 32);
  return { id, of: 'agent', name: 'ann', ...more };
}

/** The response to a limited call. */
export interface LimitedAnswer {
  id: unknown;
  error: {
    code: number;
    message: string;
    data: {
      status: number;
      reason: string;
      hint: string;
      limit: { name: string; of: string; owner: string; tool: string | null; value: number; resetsAt: string | null };
    };
  };
}

export interface LimitedGate {
  gate: RunningGate;
  backend: RecordingBackend;
  /** Replies that the backend has not sent yet: calls of the tool `slow`, and streams. */
  held: ServerResponse[];
  /** Sends all held replies. */
  releaseHeld: () => void;
  /** The counters of NGINX for a rule that is not counted by agent. */
  counted: (of: LimitFile) => Promise<Counters>;
  call: (key: string, tool?: string, path?: string) => Promise<Reply>;
  close: () => Promise<void>;
}

/** Starts NGINX with two workers in front of a backend that answers calls of `slow` only at `releaseHeld`. */
export async function startLimitedGate(kind: NginxKind, workers = 2): Promise<LimitedGate> {
  const held: ServerResponse[] = [];
  const releaseHeld = () => {
    for (const reply of held.splice(0)) reply.end('{"jsonrpc":"2.0","id":1,"result":{}}');
  };
  const backend = await startRecordingBackend((request, reply) => {
    reply.setHeader('Content-Type', request.method === 'GET' ? 'text/event-stream' : 'application/json');
    if (request.method === 'GET') reply.write(': open\n\n');
    if (request.method === 'GET' || request.body.includes('"slow"')) held.push(reply);
    else reply.end('{"jsonrpc":"2.0","id":1,"result":{}}');
  });
  const instances = [planInstance('i1', `${backend.url}/mcp`)];
  const gate = await startGate(
    kind,
    [
      { path: 'weather', instances },
      { path: 'team/search', instances },
    ],
    { workers },
  );
  return {
    gate,
    backend,
    held,
    releaseHeld,
    async counted({ id }) {
      const found = (await createCounterReader(gate.folders.runDir)([id]))?.get(id);
      if (found === undefined) throw new Error('NGINX returned no counters');
      return found;
    },
    call: (key, tool = 'look', path = '/weather') => ask(gate.url, path, { key, body: callBody(tool) }),
    close: async () => {
      releaseHeld();
      await gate.close();
      await backend.close();
    },
  };
}
