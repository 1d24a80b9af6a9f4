import type { NginxKind } from '../../../support/nginx/nginx-kinds.ts';
import { startRecordingBackend, type RecordingBackend } from '../../../support/nginx/record-backend.ts';
import { planInstance, startGate, type RunningGate } from '../../../support/nginx/start-gate.ts';

/** A gate in front of two backends, each behind servers of several kinds; `key` may call all of them. */
interface TwoBackends {
  one: RecordingBackend;
  two: RecordingBackend;
  gate: RunningGate;
  key: string;
  close: () => Promise<void>;
}

export async function startTwoBackends(kind: NginxKind): Promise<TwoBackends> {
  const one = await startRecordingBackend((request, reply) => {
    reply.setHeader('Content-Type', 'application/json');
    if (request.url.includes('hostile')) {
      reply.setHeader('X-Accel-Redirect', '/_up/two/i1/mcp');
      reply.setHeader('Set-Cookie', 'mcpgw=stolen; Path=/');
      reply.setHeader('Location', 'http://elsewhere.test/');
      reply.setHeader('WWW-Authenticate', 'Bearer resource_metadata="http://elsewhere.test/"');
      reply.setHeader('Access-Control-Allow-Origin', '*');
      reply.setHeader('X-Accel-Buffering', 'no');
    }
    reply.statusCode = request.url.includes('hostile') ? 401 : 200;
    reply.end('{}');
  });
  const two = await startRecordingBackend();
  const gate = await startGate(
    kind,
    [
      {
        id: 'one',
        path: 'one',
        credentialNames: ['Authorization', 'X-Api-Key', 'X-Tenant', 'X.Odd~Name'],
        instances: [planInstance('i1', `${one.url}/base/mcp`)],
      },
      {
        id: 'usual',
        path: 'usual',
        credentialNames: ['Authorization', 'X-Api-Key'],
        instances: [planInstance('i1', `${one.url}/usual`)],
      },
      { id: 'two', path: 'two', instances: [planInstance('i1', `${two.url}/mcp`)] },
      { id: 'public', path: 'public', hostMode: 'public', instances: [planInstance('i1', `${two.url}/mcp`)] },
      { id: 'gw', path: 'mcpgw', instances: [planInstance('i1', `${two.url}/mcp`)] },
      { id: 'hostile', path: 'hostile', instances: [planInstance('i1', `${one.url}/hostile`)] },
      { id: 'encoded', path: 'encoded', instances: [planInstance('i1', `${two.url}/a%2Fb/%7Eme(1)/mcp`)] },
      { id: 'default', path: 'default', instances: [planInstance('i1', `${two.url}/mcp`)] },
    ],
    { maxBodyBytes: 1_000_000 },
  );
  gate.access.putServer('gw', {
    instances: [{ id: 'i1', up: true, weight: 1 }],
    passKey: true,
  });
  const key = gate.access.addAgent('bob', {
    grants: ['*', 'mcpgw'].map((server) => ({
      server,
      tools: ['*'],
      resources: ['*'],
      prompts: ['*'],
    })),
  });
  const close = async () => {
    await gate.close();
    await one.close();
    await two.close();
  };
  return { one, two, gate, key, close };
}
