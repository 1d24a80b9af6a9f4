import { listEndpointCandidates, type EndpointCandidate } from '@mcpgw/registry/contract';
import { BridgeError } from '../bridge-error.ts';
import type { Child } from '../servers/child.ts';
import { connectWire } from './connect-wire.ts';
import { openHttpWire } from './http-wire.ts';
import { createRemoteFetch } from './remote-fetch.ts';
import { openSseWire } from './sse-wire.ts';
import { startModern } from './start-modern.ts';
import { openWebSocketWire } from './websocket-wire.ts';
import type { RemoteOptions, Target, Way } from './wire.ts';

/** A server that says nothing to `server/discover` in this time is asked in the earlier protocol. */
const DISCOVER_MS = 5_000;

/** The ways in which a server at an address may be spoken with, the newest protocol first. */
function listWaysAt({ file, agent }: Target, { kind, url }: EndpointCandidate): Way[] {
  const { path, callMs } = file;
  const at = { path, url: url + new URL(file.url).search, fetch: createRemoteFetch(file, agent) };
  if (kind === 'sse') return [{ start: (options) => connectWire((_, events) => openSseWire(at, events), options) }];
  return [
    { start: (options) => startModern({ ...at, callMs, discoverMs: DISCOVER_MS }, options), isGuess: true },
    { start: (options) => connectWire((_, events) => openHttpWire(at, events), options) },
  ];
}

function listWays(target: Target): Way[] {
  const { url, transport } = target.file;
  if (transport === 'websocket') return [{ start: (options) => connectWire(openWebSocketWire, options) }];
  return listEndpointCandidates(url, transport).flatMap((candidate) => listWaysAt(target, candidate));
}

/** Whether a server is there, and was spoken with in a way that it does not understand. */
const isMisunderstood = (error: unknown): boolean => error instanceof BridgeError && error.reason === 'broken_reply';

/**
 * Connects to a server elsewhere, in the way that it understood before, else in the first that it understands. Throws BridgeError; nothing of a
 * connection is left then.
 */
export async function startRemote(options: RemoteOptions): Promise<Child> {
  const { target } = options;
  const ways = [...(target.found === undefined ? [] : [target.found]), ...listWays(target)];
  let problem: unknown;
  for (const way of ways) {
    try {
      const child = await way.start(options);
      target.found = way;
      return child;
    } catch (error) {
      if (!isMisunderstood(error)) throw error;
      if (way.isGuess !== true) problem ??= error;
    }
  }
  throw problem;
}
