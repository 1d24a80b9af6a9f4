import { isIP } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Agent, Client, type buildConnector, type Dispatcher } from 'undici';
import { USER_AGENT } from '../../lib/version.ts';
import type { ServerTlsInput } from '../../contract/index.ts';
import { guardConnect, type GuardConnectOptions } from '../../upstream/index.ts';

export interface GuardedAgent {
  dispatcher: Dispatcher;
  /** When the certificate that a server presented last expires, ISO 8601; null: none was presented. */
  certificateExpiresAt(): string | null;
  /** Ends every connection at once. */
  destroy(): Promise<void>;
}

/** Creates the client of one origin, for a server with its own TLS settings. */
export type ConnectTo = (origin: string, tls: ServerTlsInput | undefined) => GuardedAgent;

interface GuardedAgentOptions extends GuardConnectOptions {
  /** How long an idle connection is kept open for the next request, in milliseconds. */
  keepAliveMs: number;
}

// Headers that fetch adds, and NGINX would not send.
const UNWANTED = ['sec-fetch-mode', 'accept-language'];

/** The header that names the Host to send instead of the URL's; it never leaves this process. */
export const HOST_OVERRIDE = 'x-mcpgw-host';

function limit({ keepAliveMs }: GuardedAgentOptions) {
  return {
    allowH2: false,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 32 * 1024,
  };
}

/** Wraps a connector to record the expiry of the last certificate that was presented. */
function watchCertificate(connect: buildConnector.connector) {
  let expiresAt: string | null = null;
  const watched: buildConnector.connector = (target, callback) => {
    connect(target, (...outcome) => {
      const [, socket] = outcome;
      if (socket instanceof TLSSocket) {
        const { valid_to: end } = socket.getPeerCertificate() as { valid_to?: string };
        if (end !== undefined) expiresAt = new Date(end).toISOString();
      }
      callback(...outcome);
    });
  };
  return { connect: watched, certificateExpiresAt: () => expiresAt };
}

/** Removes the headers of fetch and sets the Host. */
function rewriteHeaders(dispatch: Dispatcher.Dispatch): Dispatcher.Dispatch {
  return (request, handler) => {
    const given = request.headers as Record<string, string>;
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(given))
      if (name === HOST_OVERRIDE) headers['host'] = value;
      else if (!UNWANTED.includes(name)) headers[name] = value;
    if ([undefined, 'undici'].includes(headers['user-agent'])) headers['user-agent'] = USER_AGENT;
    // Without this undici would take the name for SNI from the Host header.
    const name = new URL(String(request.origin)).hostname;
    return dispatch(
      { ...request, headers, servername: isIP(name.replace(/^\[|\]$/g, '')) === 0 ? name : '' } as typeof request,
      handler,
    );
  };
}

/** Creates an undici agent whose connections go only to addresses that the guard allowed, at exactly the address that it checked. */
export function createGuardedAgent(options: GuardedAgentOptions): GuardedAgent {
  const { connect, certificateExpiresAt } = watchCertificate(guardConnect(options));
  const agent = new Agent({ ...limit(options), connect });
  return { dispatcher: agent.compose(rewriteHeaders), certificateExpiresAt, destroy: () => agent.destroy() };
}

/**
 * Returns a function that creates agents like `createGuardedAgent`, each for one origin and with one connection at a time. An agent for all
 * origins has a pool for each, some 20 KB, and scans all of them when one ends: too much where 1,000 origins get one short request.
 */
export function createGuardedClients(options: GuardedAgentOptions): ConnectTo {
  const shared = guardConnect(options);
  return (origin, tls) => {
    const { connect, certificateExpiresAt } = watchCertificate(
      tls === undefined ? shared : guardConnect({ ...options, tls }),
    );
    const client = new Client(origin, { ...limit(options), connect });
    return { dispatcher: client.compose(rewriteHeaders), certificateExpiresAt, destroy: () => client.destroy() };
  };
}
