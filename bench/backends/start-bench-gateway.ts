import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listChildren } from '../../test/support/processes/list-processes.ts';
import { startGateway, type Gateway } from '../../test/support/gateway/start-gateway.ts';

/** A gateway as in production (key, grant, body, session tag, log), one worker like its rivals, and no health checks that would disturb the measurement. */
export async function startBenchGateway(
  env: Record<string, string> = {},
): Promise<Gateway & { workers: () => number[] }> {
  const gateway = await startGateway({
    env: { NGINX_WORKERS: '1', HEALTH_CRON: '0 0 0 1 1 *', LOG_LEVEL: 'warn', ...env },
  });
  return {
    ...gateway,
    workers: () => listChildren(Number(readFileSync(join(gateway.dataDir, 'run/nginx.pid'), 'utf8'))),
  };
}

/** Opens a session through the gateway as a client does and returns the headers for its next calls. */
export async function openSession(url: string, headers: Record<string, string>): Promise<Record<string, string>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 0,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
    }),
  });
  if (response.status !== 200) throw new Error(`initialize was answered ${response.status}: ${await response.text()}`);
  const session = response.headers.get('mcp-session-id');
  await response.body?.cancel();
  return session === null ? headers : { ...headers, 'Mcp-Session-Id': session };
}
