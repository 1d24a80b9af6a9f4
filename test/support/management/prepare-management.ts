import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterEach, beforeEach } from 'vitest';
import { serveHttp } from '../../../mcpgw-server/http/serve-http.ts';
import { recordRegistry, type RecordingRegistry } from './recording-registry.ts';

/** The management server over HTTP with a recording registry; both are created before each test of the file that calls this. */
export interface PreparedManagement {
  registry: RecordingRegistry;
  management: Awaited<ReturnType<typeof serveHttp>>;
  faults: unknown[];
  closers: (() => Promise<void>)[];
  /** An SDK 1.x client with the key of "ada", or with other headers. */
  connect: (headers?: Record<string, string>) => Promise<Client>;
}

interface Result {
  isError?: boolean;
  structuredContent?: Record<string, unknown>;
  content: { type: string; text: string }[];
}

export async function call(client: Client, name: string, given: Record<string, unknown> = {}): Promise<Result> {
  return (await client.callTool({ name, arguments: given })) as unknown as Result;
}

export function prepareManagement(): PreparedManagement {
  const on = {
    faults: [] as unknown[],
    closers: [] as (() => Promise<void>)[],
    async connect(headers = { authorization: 'Bearer mgw_ada' }) {
      const client = new Client({ name: 'test', version: '1' });
      const transport = new StreamableHTTPClientTransport(new URL(on.management.url), { requestInit: { headers } });
      await client.connect(transport);
      on.closers.push(() => client.close());
      return client;
    },
  } as PreparedManagement;

  beforeEach(async () => {
    on.faults.length = 0;
    on.registry = await recordRegistry();
    on.management = await serveHttp({
      at: { port: 0, host: '127.0.0.1' },
      registryUrl: on.registry.url,
      allowedOriginHosts: ['gateway.example.com'],
      report: (fault) => on.faults.push(fault),
    });
  });
  afterEach(async () => {
    for (const close of on.closers.splice(0)) await close();
    await on.management.close();
    await on.registry.close();
  });
  return on;
}
