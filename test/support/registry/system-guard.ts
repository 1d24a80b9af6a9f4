import { lookup } from 'node:dns/promises';
import type { UpstreamGuard } from '../../../registry/upstream/index.ts';

/** A guard that resolves names by the system's resolver; it rejects the addresses for which `checkAddress` returns a reason, by default none. */
export function createSystemGuard(checkAddress: UpstreamGuard['checkAddress'] = () => null): UpstreamGuard {
  return {
    checkAddress,
    resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  };
}
