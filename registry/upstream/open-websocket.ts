import { isIP, type LookupFunction } from 'node:net';
import { WebSocket, type ClientOptions } from 'ws';
import { trust, type GuardConnectOptions } from './guard-connect.ts';
import { resolveAllowed } from './upstream-guard.ts';

export type { WebSocket };

export interface WebSocketOptions extends GuardConnectOptions {
  /** With its query. */
  url: string;
  headers: Record<string, string>;
  /** A message of the server that is longer ends the connection. */
  maxBytes: number;
}

/** The server answered with a status instead of a WebSocket. */
export class UpgradeRefused extends Error {
  override readonly name = 'UpgradeRefused';
  readonly status: number;

  constructor(status: number) {
    super(`it answers ${status} instead of a WebSocket`);
    this.status = status;
  }
}

/** The subprotocol of MCP; some servers support none. */
const SUBPROTOCOL = 'mcp';
const NO_SUBPROTOCOL = 'Server sent no subprotocol';

/** Passed on to http.request, too. */
type Settings = ClientOptions & { lookup: LookupFunction };

function connect(url: string, protocols: string[], options: Settings): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, protocols, options);
    socket.once('unexpected-response', (_, response) => {
      reject(new UpgradeRefused(response.statusCode ?? 0));
      socket.terminate();
    });
    socket.on('error', reject);
    socket.once('open', () => resolve(socket));
  });
}

/**
 * Opens a WebSocket at exactly the address that the guard allowed. Rejects with AddressRejected, UpgradeRefused, or a network error. Redirects are
 * not followed.
 */
export async function openWebSocket(options: WebSocketOptions): Promise<WebSocket> {
  const { url, headers, guard, connectMs, maxBytes } = options;
  const { hostname, port, protocol } = new URL(url);
  const address = await resolveAllowed(guard, hostname, Number(port || (protocol === 'wss:' ? 443 : 80)));
  const family = isIP(address);
  const settings: Settings = {
    headers,
    handshakeTimeout: connectMs,
    maxPayload: maxBytes,
    perMessageDeflate: false,
    followRedirects: false,
    // The name stays for SNI and the certificate; only the address is fixed.
    lookup: (_host, { all }, callback) => {
      if (all === true) callback(null, [{ address, family }]);
      else callback(null, address, family);
    },
    ...trust(options),
  };
  try {
    return await connect(url, [SUBPROTOCOL], settings);
  } catch (error) {
    if ((error as Error).message !== NO_SUBPROTOCOL) throw error;
    return connect(url, [], settings);
  }
}
