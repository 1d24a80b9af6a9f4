import { isIP, type Socket } from 'node:net';
import { Agent, buildConnector, Client, type Dispatcher } from 'undici';
import { USER_AGENT } from '../../version.ts';
import { resolveAllowed, type UpstreamGuard } from './upstream-guard.ts';

export interface GuardedAgent {
  dispatcher: Dispatcher;
  /** Ends every connection at once. */
  destroy(): Promise<void>;
}

interface GuardedAgentOptions {
  guard: UpstreamGuard;
  connectMs: number;
  /** How long an idle connection is kept for the next request, in milliseconds. */
  keepAliveMs: number;
  /** PEM certificates that are trusted; undefined: those of Node. */
  ca?: string | undefined;
}

// Headers that fetch adds, and NGINX would not send.
const UNWANTED = ['sec-fetch-mode', 'accept-language'];

/** The header that names the Host to send instead of the URL's; it never leaves this process. */
export const HOST_OVERRIDE = 'x-mcpgw-host';

function limit({ keepAliveMs }: GuardedAgentOptions) {
  return {
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 32 * 1024,
  };
}

function guardConnect({ guard, connectMs, ca }: GuardedAgentOptions): buildConnector.connector {
  const connect = buildConnector({ timeout: connectMs, allowH2: false, ...(ca === undefined ? {} : { ca }) });
  return (target, callback) => {
    const socketPath = guard.socketOf?.(target.hostname) ?? null;
    if (socketPath !== null) {
      buildConnector({ timeout: connectMs, allowH2: false, socketPath })(target, callback);
      return;
    }
    const port = Number(target.port || (target.protocol === 'https:' ? 443 : 80));
    resolveAllowed(guard, target.hostname, port).then(
      (address) => {
        // The name stays for SNI and the certificate; only the address is fixed.
        connect({ ...target, hostname: address, servername: target.servername ?? '' }, callback);
      },
      (error: unknown) => {
        (callback as (error: Error, socket: Socket | null) => void)(error as Error, null);
      },
    );
  };
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

/** Creates an undici agent whose connections go only to addresses that the guard allowed, at the very address that it saw. */
export function createGuardedAgent(options: GuardedAgentOptions): GuardedAgent {
  const agent = new Agent({ ...limit(options), connect: guardConnect(options) });
  return { dispatcher: agent.compose(rewriteHeaders), destroy: () => agent.destroy() };
}

/**
 * Returns a function that creates agents like `createGuardedAgent`, each for one origin and with one connection at a time. An agent for all
 * origins has a pool for each, some 20 KB, and scans all of them when one ends: too much where 1,000 origins get one short request.
 */
export function createGuardedClients(options: GuardedAgentOptions): (origin: string) => GuardedAgent {
  const connect = guardConnect(options);
  return (origin) => {
    const client = new Client(origin, { ...limit(options), connect });
    return { dispatcher: client.compose(rewriteHeaders), destroy: () => client.destroy() };
  };
}
