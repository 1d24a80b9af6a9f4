import { explainCertificate } from './explain-certificate.ts';
import type { Failure } from './failure.ts';

/** Every error in a chain of causes, outermost first. */
export function listCauses(error: unknown): { name: string; code: string; message: string }[] {
  const found = [];
  let current = error;
  for (let depth = 0; depth < 8 && typeof current === 'object' && current !== null; depth += 1) {
    const { name, code, message, cause, errors } = current as Record<string, unknown>;
    found.push({
      name: typeof name === 'string' ? name : '',
      code: typeof code === 'string' ? code : '',
      message: typeof message === 'string' ? message : '',
    });
    current = cause ?? (Array.isArray(errors) ? (errors as unknown[])[0] : undefined);
  }
  return found;
}

function fail(rank: number, problem: string, remedy: string): Failure {
  return { health: 'unhealthy', final: true, rank, problem, remedy };
}

/** Explains why no response came at all; null when `error` is not a network error. `where` is the address without secrets. */
export function explainNetworkError(error: unknown, where: string, timeoutMs: number): Failure | null {
  const host = new URL(where).hostname;
  const causes = listCauses(error);
  const has = (test: (cause: (typeof causes)[number]) => boolean) => causes.find(test);
  const code = (...codes: string[]) => has((cause) => codes.includes(cause.code)) !== undefined;

  const refused = has((cause) => cause.name === 'AddressRefused');
  if (refused)
    return fail(
      100,
      `The address may not be a backend: ${refused.message}`,
      'Register another address, or add this one to UPSTREAM_ALLOW if it is intended.',
    );
  // The list that browsers have (fetch.spec.whatwg.org, "bad port"); Node's fetch keeps to it.
  if (has((cause) => cause.message === 'bad port'))
    return fail(
      100,
      `${where} cannot be checked: web clients refuse to connect to port ${new URL(where).port}`,
      'Let the server listen on another port. The gateway routes to it nevertheless.',
    );
  if (code('ECONNREFUSED'))
    return fail(
      100,
      `${where} refused the connection`,
      'Start the server, and check host and port; inside a container "localhost" is the container itself.',
    );
  if (code('ENOTFOUND'))
    return fail(
      100,
      `The name ${host} does not exist`,
      'Check the spelling, or whether the gateway can resolve this name (same Docker network, DNS).',
    );
  if (code('EAI_AGAIN', 'ESERVFAIL', 'ETIMEOUT', 'EDNSTIMEOUT'))
    return fail(100, `The name ${host} could not be resolved now`, 'Check the DNS of the host that runs the gateway.');
  if (code('EHOSTUNREACH', 'ENETUNREACH'))
    return fail(
      100,
      `There is no route to ${host}`,
      'Check the network, firewall and VPN between the gateway and the server.',
    );
  const certificate = explainCertificate(causes, host);
  if (certificate !== null) return certificate;
  if (code('EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'))
    return fail(
      100,
      `${where} does not support TLS`,
      'Register it with http:// instead of https://, or check the port.',
    );
  if (has((cause) => cause.name === 'TimeoutError') || code('UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT', 'REQUEST_TIMEOUT'))
    return fail(
      100,
      `${where} did not respond within ${timeoutMs} ms`,
      'Check the log of the server: it hangs, is overloaded, or a firewall drops packets. If it is always slow, increase HEALTH_TIMEOUT_MS.',
    );
  if (code('ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ECONNABORTED'))
    return fail(
      100,
      `${where} closed the connection without a response`,
      'Check the log of the server: it crashed at this request, or a firewall or a TLS-only port closes connections.',
    );
  if (has((cause) => cause.code.startsWith('HPE_') || cause.name === 'HTTPParserError'))
    return fail(100, `${where} does not support HTTP`, 'Check the port: another program listens there.');
  if (code('UND_ERR_HEADERS_OVERFLOW'))
    return fail(
      100,
      `${where} responds with more than 32 KB of headers`,
      'Make the server send fewer or smaller headers.',
    );
  return null;
}
