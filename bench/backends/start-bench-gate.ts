import { listChildren } from '../../test/support/processes/list-processes.ts';
import type { NginxKind } from '../../test/support/nginx/nginx-kinds.ts';
import { planInstance, startGate } from '../../test/support/nginx/start-gate.ts';
import type { KeyFile } from '../../registry/contract/gate/access-files.ts';
import { SESSION } from './plain-nginx.ts';
import { openSession } from './start-bench-gateway.ts';

interface BenchGateOptions {
  /** Number of agents, each with a key. */
  agents?: number;
  /** What each of them may do, instead of everything. */
  agent?: Partial<KeyFile>;
  /** False: the upstream uses no sessions. */
  sessions?: boolean;
  workers?: number;
}

/** The gate alone, without a registry, on one of the installed NGINX versions; `headers` are those of a client within a session. */
export async function startBenchGate(
  kind: NginxKind,
  upstreamPort: number,
  { agents = 1, agent = {}, sessions = true, workers = 1 }: BenchGateOptions = {},
) {
  const instances = [planInstance('a', `http://127.0.0.1:${upstreamPort}/mcp`)];
  const gate = await startGate(kind, [{ path: 'static', instances }], { workers });
  try {
    const url = `${gate.url}/static/mcp`;
    for (let index = 1; index < agents; index += 1) gate.access.addAgent(`bench-${index}`, agent);
    const key = gate.access.addAgent('bench', agent);
    const headers = await openSession(url, { Authorization: `Bearer ${key}` });
    if (sessions && !headers['Mcp-Session-Id']?.startsWith(`${SESSION}~`))
      throw new Error('the gate did not issue its own session id');
    return { gate, url, headers, workers: () => listChildren(gate.nginx.pid), close: gate.close };
  } catch (error) {
    await gate.close();
    throw error;
  }
}
