import type { ProbeResult } from '../../contract/index.ts';
import type { UpstreamGuard } from '../../upstream/index.ts';

/** A result in which nothing was found. */
export const NOTHING_FOUND: ProbeResult = {
  health: 'unknown',
  transport: null,
  endpoints: null,
  era: null,
  protocolVersion: null,
  serverInfo: null,
  capabilities: [],
  tools: [],
  malformed: [],
  listing: 'none',
  latencyMs: null,
  certificateExpiresAt: null,
  problem: null,
  remedy: null,
};

export interface ProbeOptions {
  guard: UpstreamGuard;
  /** Of one request; a whole probe takes at most three times as long. */
  timeoutMs: number;
  /** Host that NGINX sends with hostMode "public". */
  publicHost: string;
  /** PEM certificates that are trusted; undefined: those of Node. */
  ca?: string | undefined;
  signal?: AbortSignal | undefined;
}
