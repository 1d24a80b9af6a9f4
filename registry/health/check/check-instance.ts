import type { ProbeResult, ProbeTarget } from '../../contract/index.ts';
import type { StoredServer } from '../../store/index.ts';
import { checkLight, type LightOptions } from './check-light.ts';
import { probe } from '../probe/probe.ts';
import { NOTHING_FOUND, type ProbeOptions } from '../probe/probe-options.ts';
import type { InstanceMemory } from '../status/server-state.ts';

export interface Looked {
  result: ProbeResult;
  /** The list of tools was asked for and came. */
  listed: boolean;
}

export interface LookOptions {
  light: LightOptions;
  whole: ProbeOptions;
  /** Ask for everything, whatever is known. */
  wantsWhole: boolean;
}

/** Whether a whole probe came back with the list of tools, malformed ones left out or not. */
export function hasList({ observed, leftOut }: ProbeResult): boolean {
  return observed === 'healthy' || leftOut.length > 0;
}

function passed(memory: InstanceMemory, known: ProbeTarget['known'], latencyMs: number): Looked {
  return {
    listed: false,
    result: {
      ...NOTHING_FOUND,
      observed: 'healthy',
      transport: known?.mcp ? 'streamable-http' : 'sse',
      endpoints: known ?? null,
      era: memory.era,
      protocolVersion: memory.protocolVersion,
      latencyMs,
    },
  };
}

/**
 * Looks at one instance: only its handshake where it was healthy before and nothing more is wanted, else everything. What came back from
 * being down is asked for everything, so that its tools are known anew.
 */
export async function lookAtInstance(
  server: StoredServer,
  instance: StoredServer['instances'][number],
  headers: Record<string, string>,
  memory: InstanceMemory,
  options: LookOptions,
): Promise<Looked> {
  const { url, query, endpoints: known } = instance;
  const target = { url, query, headers, hostMode: server.hostMode, transport: server.transport, known };
  const { era, protocolVersion, state } = memory;
  const isSteady = state.observed === 'healthy' || (state.observed === 'degraded' && state.slow > 0);
  if (!options.wantsWhole && isSteady && era !== null && protocolVersion !== null) {
    const outcome = await checkLight({ ...target, era, protocolVersion }, options.light);
    if (outcome.kind === 'passed') return passed(memory, known, outcome.latencyMs);
    if (outcome.kind === 'down') {
      const { problem, remedy } = outcome;
      const failed = passed(memory, known, 0).result;
      return {
        listed: false,
        result: { ...failed, observed: 'unhealthy', endpoints: null, latencyMs: null, problem, remedy },
      };
    }
  }
  const result = await probe(target, options.whole);
  return { result, listed: hasList(result) };
}
