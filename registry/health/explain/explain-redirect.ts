import type { Evidence } from '../transport/recording-fetch.ts';
import { createFailure, type Failure, type FailureContext } from './failure.ts';

const SIGN_IN = /(^|[/._-])(log-?in|sign-?in|sso|saml2?|oauth2?|openid-connect|authorize|auth|idp|cas)([/._-]|$)/i;

/** Whether an address is that of a sign-in page. */
export function isSignInPage(address: string): boolean {
  const { hostname, pathname } = new URL(address);
  return SIGN_IN.test(hostname) || SIGN_IN.test(pathname);
}

/** The failure of a server that requires a sign-in in the browser. */
export function explainSignIn(what: string, { hasCredentials }: Pick<FailureContext, 'hasCredentials'>): Failure {
  return createFailure(
    92,
    `It asks for a sign-in in the browser: ${what}`,
    hasCredentials
      ? 'The credential that is set in "headers" does not get past it: use a token for programs that the server or the proxy in front of it accepts.'
      : 'It needs a credential that works without a browser: set headers.Authorization to a token for programs, or exempt the gateway from the sign-in.',
    { health: 'auth_required', final: true },
  );
}

/** Explains a redirect that leads to no endpoint. */
export function explainRedirect(evidence: Evidence, context: FailureContext): Failure {
  const { location, status } = evidence;
  if (location === null)
    return createFailure(55, `It redirects without a usable Location (HTTP ${status})`, 'Check the log of the server.');
  const target = new URL(location);
  const from = new URL(evidence.url);
  const place = target.origin + target.pathname;
  if (isSignInPage(location)) return explainSignIn(`HTTP ${status} to ${place}`, context);
  const isTls = target.hostname === from.hostname && target.protocol === 'https:' && from.protocol === 'http:';
  return createFailure(
    55,
    `It redirects to ${place} (HTTP ${status})`,
    isTls
      ? 'The server wants TLS: register it with https:// instead of http://.'
      : 'Make the server, or the proxy in front of it, answer at the registered address without a redirect: clients do not follow one with a POST.',
  );
}
