import type { ProbeResult } from '../../contract/index.ts';
import type { StoredServer } from '../../store/index.ts';
import { NOTHING_FOUND, type ProbeOptions } from '../probe/probe-options.ts';
import { probe } from '../probe/probe.ts';
import type { KnownInstance } from '../status/server-state.ts';
import { checkLight, type LightOptions } from './check-light.ts';

export interface InstanceCheck {
  result: ProbeResult;
  /** The list of tools was requested and received. */
  listed: boolean;
}

export interface CheckedInstance {
  server: StoredServer;
  instance: StoredServer['instances'][number];
  headers: Record<string, string>;
  known: KnownInstance;
}

export interface CheckInstanceOptions {
  light: LightOptions;
  full: ProbeOptions;
  /** Probe everything, regardless of what is known. */
  wantsFull: boolean;
  /** Use the known era; it is detected again when the operator refreshes. */
  usesKnownEra: boolean;
}

/** Whether a list of tools is to be stored. A partial list is stored only if none is known: otherwise the tools of a failed page would count as removed. */
export function isListed({ listing }: ProbeResult, toolsHash: string | null): boolean {
  return listing === 'all' || (listing === 'some' && toolsHash === null);
}

function resultOf({ instance, known }: CheckedInstance, changes: Partial<ProbeResult>): ProbeResult {
  return {
    ...NOTHING_FOUND,
    health: known.flaw === null ? 'healthy' : 'degraded',
    ...known.flaw,
    transport: instance.endpoints?.mcp ? 'streamable-http' : 'sse',
    endpoints: instance.endpoints,
    era: known.era,
    protocolVersion: known.protocolVersion,
    ...changes,
  };
}

/**
 * Checks one instance: by its handshake only if it was healthy before and no full probe is requested, otherwise by a full probe. An instance that
 * was down gets a full probe, since it may have returned with other tools, or in another era.
 */
export async function checkInstance(checked: CheckedInstance, options: CheckInstanceOptions): Promise<InstanceCheck> {
  const { server, instance, headers } = checked;
  const { url, query, endpoints } = instance;
  const target = {
    url,
    query,
    headers,
    hostMode: server.hostMode,
    transport: server.transport,
    tls: server.tls,
    known: endpoints,
  };
  const { era, protocolVersion, state } = checked.known;
  const isSteady = state.health === 'healthy' || state.health === 'degraded';
  if (!options.wantsFull && isSteady && era !== null && protocolVersion !== null) {
    const outcome = await checkLight({ ...target, era, protocolVersion }, options.light);
    if (outcome.kind === 'passed') {
      const { latencyMs, certificateExpiresAt } = outcome;
      return { listed: false, result: resultOf(checked, { latencyMs, certificateExpiresAt }) };
    }
    if (outcome.kind === 'down') {
      const { health, problem, remedy } = outcome;
      return { listed: false, result: resultOf(checked, { health, endpoints: null, problem, remedy }) };
    }
  }
  const result = await probe({ ...target, era: options.usesKnownEra && isSteady ? era : null }, options.full);
  return { result, listed: isListed(result, instance.toolsHash) };
}
