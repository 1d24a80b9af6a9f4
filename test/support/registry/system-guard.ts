import { lookup } from 'node:dns/promises';
import type { UpstreamGuard } from '../../../registry/health/transport/upstream-guard.ts';

/** A guard that resolves names by the system's resolver; it refuses what `refuse` refuses, by default nothing. */
export function createSystemGuard(refuse: UpstreamGuard['refuse'] = () => null): UpstreamGuard {
  return {
    refuse,
    resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  };
}
