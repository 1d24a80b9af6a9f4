import { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { explainNoResponse } from '../api/index.ts';
import { CliError } from '../program/cli-error.ts';
import { VERSION } from '../version.ts';
import { watchRefusals } from './refusals.ts';

export interface Connection {
  client: Client;
  /** Converts the error of a request to one with the message of the gateway. */
  explain: (thrown: unknown) => CliError;
}

interface Target {
  gatewayUrl: string;
  path: string;
  key: string;
  /** Default: Streamable HTTP, or SSE if the server supports nothing else. */
  transport?: 'http' | 'sse' | undefined;
  timeoutMs: number;
}

const METHOD_NOT_ALLOWED = 405;

function isNoResponse(thrown: unknown): boolean {
  return thrown instanceof TypeError && thrown.message === 'fetch failed';
}

/** Connects to a server through the gateway, as an agent does: in the newest revision of MCP that it supports. Throws CliError. */
export async function openClient(target: Target): Promise<Connection> {
  const { gatewayUrl, path, key, transport, timeoutMs } = target;
  const url = new URL(`${gatewayUrl}/${path}/${transport === 'sse' ? 'sse' : 'mcp'}`);
  const refusals = watchRefusals();
  const explain = (thrown: unknown): CliError => {
    if (thrown instanceof CliError) return thrown;
    if (isNoResponse(thrown)) return explainNoResponse(gatewayUrl, thrown, timeoutMs);
    return (
      refusals.last() ?? new CliError(thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown })
    );
  };
  const options = { fetch: refusals.fetch, requestInit: { headers: { Authorization: `Bearer ${key}` } } };
  const isSse = transport === 'sse';
  const client = new Client({ name: 'mcpgw', version: VERSION }, isSse ? {} : { versionNegotiation: { mode: 'auto' } });
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- some servers support nothing else
    const open = isSse ? new SSEClientTransport(url, options) : new StreamableHTTPClientTransport(url, options);
    await client.connect(open, { timeout: timeoutMs });
    return { client, explain };
  } catch (thrown) {
    await client.close().catch(() => undefined);
    // The gate rejects a POST to a server that supports SSE only; clients then fall back to SSE.
    if (transport === undefined && refusals.lastStatus() === METHOD_NOT_ALLOWED)
      return openClient({ ...target, transport: 'sse' });
    throw explain(thrown);
  }
}
