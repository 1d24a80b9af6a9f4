import { isIP } from 'node:net';

/** Decides which addresses may be reached. wire.ts passes the rule of publishing, so both apply the same one. */
export interface UpstreamGuard {
  /** The IP addresses of a host name. Throws an Error with `code` as Node does (ENOTFOUND, EAI_AGAIN). */
  resolve(host: string): Promise<readonly string[]>;
  /** Why this address may not be a backend; null when it may. */
  checkAddress(address: string, port: number): string | null;
  /** The unix socket of a host; null for every host that has addresses. */
  socketOf?(host: string): string | null;
}

/** The address is not allowed as a backend: the message states which and why. */
export class AddressRejected extends Error {
  override readonly name = 'AddressRejected';
}

/**
 * The one address that a connection to `host:port` uses: resolved and allowed at once, so that no second lookup can change it (DNS
 * rebinding). Throws AddressRejected when every address is refused, or what `resolve` throws.
 */
export async function resolveAllowed(guard: UpstreamGuard, host: string, port: number): Promise<string> {
  const bare = host.replace(/^\[|\]$/g, '');
  const addresses = isIP(bare) === 0 ? await guard.resolve(bare) : [bare];
  let reason = `${bare} has no address`;
  for (const address of addresses) {
    const refusal = guard.checkAddress(address, port);
    if (refusal === null) return address;
    reason = refusal;
  }
  throw new AddressRejected(reason);
}
