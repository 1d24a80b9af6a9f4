import { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Agent, fetch as undiciFetch } from 'undici';
import type { ErrorCode } from '../lib/errors.ts';
import { RegistryError } from '../lib/errors.ts';
import { VERSION } from '../lib/version.ts';

/** Where NGINX listens on this machine, and the public host name of the gateway. */
export interface GatewayAddress {
  origin: string;
  host: string;
}

/** One server, called through NGINX with the key of an agent. */
export interface GatewayClient {
  request(method: string, params: Record<string, unknown>): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

const CODES: Partial<Record<number, ErrorCode>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  413: 'invalid',
  429: 'limited',
};

interface GateErrorBody {
  error?: { code?: number; message?: string; data?: { hint?: string } };
}

/** The gate's error, as an error of this API; undefined: the response is from the server itself. */
async function readRefusal(response: Response): Promise<RegistryError | undefined> {
  if (response.ok || response.status === 405) return undefined;
  const answer = (await response
    .clone()
    .json()
    .catch(() => ({}))) as GateErrorBody;
  const { code = 0, message, data } = answer.error ?? {};
  // Codes of the gateway (docs/errors.md); all others are the server's.
  if (code > -32_050 || code < -32_060 || message === undefined) return undefined;
  const retryAfterS = Number(response.headers.get('Retry-After') ?? NaN);
  return new RegistryError(CODES[response.status] ?? 'unavailable', message, {
    ...(data?.hint !== undefined && { hint: data.hint }),
    ...(Number.isFinite(retryAfterS) && { retryAfterS }),
  });
}

/** Creates the function that connects to servers through NGINX. */
export function createGatewayCaller({ origin, host }: GatewayAddress, timeoutMs: number) {
  // NGINX on loopback: the certificate is for the public name, and nothing else can listen there.
  const dispatcher = new Agent({ allowH2: false, connect: { rejectUnauthorized: false }, keepAliveTimeout: 1_000 });

  async function connect(path: string, isSseOnly: boolean, key: string): Promise<GatewayClient> {
    let refusal: RegistryError | undefined;
    const fetchGateway: typeof fetch = async (input, init = {}) => {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${key}`);
      headers.set('host', host);
      const response = (await undiciFetch(input as string | URL, {
        ...(init as object),
        headers: Object.fromEntries(headers),
        dispatcher,
      })) as unknown as Response;
      refusal = (await readRefusal(response)) ?? refusal;
      return response;
    };
    const explain = (error: unknown): RegistryError =>
      refusal ??
      new RegistryError('unavailable', `the server "${path}" answered: ${(error as Error).message}`, { cause: error });
    const url = new URL(`${origin}/${path}/${isSseOnly ? 'sse' : 'mcp'}`);
    const transport = isSseOnly
      ? // eslint-disable-next-line @typescript-eslint/no-deprecated -- for servers that have no other transport
        new SSEClientTransport(url, { fetch: fetchGateway })
      : new StreamableHTTPClientTransport(url, { fetch: fetchGateway });
    const client = new Client(
      { name: 'mcpgw-execute', version: VERSION },
      { versionNegotiation: { mode: isSseOnly ? 'legacy' : 'auto' } },
    );
    try {
      await client.connect(transport, { timeout: timeoutMs });
    } catch (error) {
      await client.close().catch(() => undefined);
      throw explain(error);
    }
    const close = async () => {
      if (transport instanceof StreamableHTTPClientTransport) await transport.terminateSession().catch(() => undefined);
      await client.close();
    };
    return {
      close,
      async request(method, params) {
        refusal = undefined;
        try {
          if (method === 'tools/call') return await client.callTool(params as { name: string }, { timeout: timeoutMs });
          if (method === 'tools/list') return await client.listTools(params, { timeout: timeoutMs });
          return await client.ping({ timeout: timeoutMs });
        } catch (error) {
          throw explain(error);
        }
      },
    };
  }
  return { connect, close: () => dispatcher.destroy() };
}
