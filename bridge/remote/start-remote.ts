import { listEndpointCandidates, type EndpointCandidate } from '@mcpgw/registry/contract';
import { BridgeError } from '../bridge-error.ts';
import type { Child } from '../servers/child.ts';
import { connectWire } from './connect-wire.ts';
import { openHttpWire } from './http-wire.ts';
import { createRemoteFetch } from './remote-fetch.ts';
import { openSseWire } from './sse-wire.ts';
import { startModern } from './start-modern.ts';
import { openWebSocketWire } from './websocket-wire.ts';
import type { ConnectMethod, RemoteOptions, Target } from './wire.ts';

/** A server that does not respond to `server/discover` in this time is tried with the earlier protocol. */
const DISCOVER_MS = 5_000;

/** The methods of connecting to a server at a URL, newest protocol first. */
function listMethodsAt({ file, agent }: Target, { kind, url }: EndpointCandidate): ConnectMethod[] {
  const { path, callMs } = file;
  const at = { path, url: url + new URL(file.url).search, fetch: createRemoteFetch(file, agent) };
  if (kind === 'sse') return [{ start: (options) => connectWire((_, events) => openSseWire(at, events), options) }];
  return [
    { start: (options) => startModern({ ...at, callMs, discoverMs: DISCOVER_MS }, options), isGuess: true },
    { start: (options) => connectWire((_, events) => openHttpWire(at, events), options) },
  ];
}

function listMethods(target: Target): ConnectMethod[] {
  const { url, transport } = target.file;
  if (transport === 'websocket') return [{ start: (options) => connectWire(openWebSocketWire, options) }];
  return listEndpointCandidates(url, transport).flatMap((candidate) => listMethodsAt(target, candidate));
}

/** Whether a server is reachable, but does not understand the method. */
const isMisunderstood = (error: unknown): boolean => error instanceof BridgeError && error.reason === 'broken_reply';

/**
 * Connects to a remote server with the method that worked before, else with the first that works. Throws BridgeError; every connection is then
 * closed.
 */
export async function startRemote(options: RemoteOptions): Promise<Child> {
  const { target } = options;
  const methods = [...(target.found === undefined ? [] : [target.found]), ...listMethods(target)];
  let problem: unknown;
  for (const method of methods) {
    try {
      const child = await method.start(options);
      target.found = method;
      return child;
    } catch (error) {
      if (!isMisunderstood(error)) throw error;
      if (method.isGuess !== true) problem ??= error;
    }
  }
  throw problem;
}
