import { foldHeaderName, isNeverForwarded } from '../gate/never-forwarded.ts';

// No zod here, so that the UI can import these rules without it.

const KEY_HEADERS: readonly string[] = ['authorization', 'proxy-authorization', 'x-api-key'];

/** Returns what is wrong with a name in `forwardHeaders`, or null when the header can be forwarded. */
export function explainForwardHeader(name: string): string | null {
  const quoted = JSON.stringify(name);
  if (name.length > 64) return `a header name has ${name.length} characters; at most 64 are allowed`;
  if (!/^[A-Za-z0-9!#%&*+.^_|~-]+$/.test(name))
    return `${quoted} is not a header name; use letters, digits and "-", for example "X-Tenant"`;
  const folded = foldHeaderName(name);
  if (KEY_HEADERS.includes(folded))
    return `${quoted} carries the agent's key, which is sent to no server; set a credential of the server in "headers"`;
  if (isNeverForwarded(name))
    return `${quoted} belongs to the connection or is set by the gateway, so it cannot be forwarded; leave it out`;
  return null;
}

/** Headers from which programs behind a proxy read the caller or the requested address; they trust the proxy to set them. */
const TRUSTED_OF_PROXIES =
  /^(forwarded|x-forwarded-.+|x-real-ip|x-client-ip|true-client-ip|cf-connecting-ip|(x-)?remote-.+|x-(auth|authenticated|webauth)-.+|x-(user|user-id|username|email|groups|roles)|x-original-.+|x-rewrite-url|x-(http-)?method(-override)?|x-ssl-client-.+|ssl-client-.+|x-client-cert)$/;

/** What an operator should know about a header that is forwarded, or null. `credentials`: names of the server's own headers. */
export function warnForwardHeader(name: string, credentials: readonly string[]): string | null {
  const folded = foldHeaderName(name);
  if (credentials.some((own) => foldHeaderName(own) === folded))
    return `${name} is also one of the server's credentials: the credential is sent, and the agent's header is not`;
  if (folded === 'cookie')
    return `${name} is forwarded: cookies that an agent holds for this gateway's address reach the server`;
  if (TRUSTED_OF_PROXIES.test(folded))
    return `${name} is forwarded as the agent writes it: the server must not trust it to identify the caller`;
  return null;
}
