import type { Request, RequestHandler } from 'express';
import { RegistryError } from '../../lib/errors.ts';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a page at `origin` is this registry's: at its public address, or at the host of the request. */
export function isOurOrigin(origin: string, requestedHost: string, gatewayOrigin: string): boolean {
  if (origin === gatewayOrigin) return true;
  const { protocol, host } = URL.parse(origin) ?? {};
  if (host === undefined || host === '') return false;
  // A Host with the default port written out means the same host.
  return URL.parse(`${protocol ?? ''}//${requestedHost}`)?.host === host;
}

/** Why a request comes from a page that is not ours, or null. A request that was not sent by a browser has neither header and is allowed. */
export function explainCrossOrigin(request: Request, gatewayUrl: string): string | null {
  const site = request.get('Sec-Fetch-Site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return `the browser reports that this request comes from another site (Sec-Fetch-Site: ${site.slice(0, 40)})`;
  const origin = request.get('Origin');
  if (origin !== undefined && !isOurOrigin(origin.toLowerCase(), request.host, new URL(gatewayUrl).origin))
    return `this request comes from a page at ${JSON.stringify(origin.slice(0, 200))}, which is not this registry`;
  return null;
}

/**
 * Rejects a change that another site's page requested (CSRF), as Go's net/http CrossOriginProtection does: by Sec-Fetch-Site and
 * Origin, without tokens.
 */
export function rejectCrossOrigin(gatewayUrl: string): RequestHandler {
  return (request, _response, next) => {
    const foreign = READS.has(request.method) ? null : explainCrossOrigin(request, gatewayUrl);
    if (foreign === null) next();
    else
      next(
        new RegistryError('forbidden', foreign, {
          hint: 'Open the UI at its own address. Where a proxy in front changes the Host header, set GATEWAY_URL to the public address.',
        }),
      );
  };
}
