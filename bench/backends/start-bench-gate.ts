import { listChildren } from '../../test/support/processes/list-processes.ts';
import type { NginxKind } from '../../test/support/nginx/nginx-kinds.ts';
import { planInstance, startGate } from '../../test/support/nginx/start-gate.ts';
import { SESSION } from './plain-nginx.ts';
import { openSession } from './start-bench-gateway.ts';

/** The gate alone, without a registry, on one of the NGINX versions here; `headers` are those of a client within a session. */
export async function startBenchGate(kind: NginxKind, upstreamPort: number) {
  const gate = await startGate(kind, [
    { path: 'static', instances: [planInstance('a', `http://127.0.0.1:${upstreamPort}/mcp`)] },
  ]);
  try {
    const url = `${gate.url}/static/mcp`;
    const key = gate.access.addAgent('bench');
    const headers = await openSession(url, { Authorization: `Bearer ${key}` });
    if (!headers['Mcp-Session-Id']?.startsWith(`${SESSION}~`)) throw new Error('the gate gave no session of its own');
    return { gate, url, headers, workers: () => listChildren(gate.nginx.pid), close: gate.close };
  } catch (error) {
    await gate.close();
    throw error;
  }
}
