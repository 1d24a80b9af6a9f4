import { explainCertificate } from './explain-certificate.ts';
import { createFailure, nameStep, type RequestContext, type Failure } from './failure.ts';

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

/** No other address of this server can be reached either. */
function fail(problem: string, remedy: string): Failure {
  return createFailure(100, problem, remedy, { final: true });
}

/** It was reached without a usable response: another address may have one. */
function failThere(problem: string, remedy: string): Failure {
  return createFailure(50, problem, remedy);
}

/** Whether nothing can be sent to the server at all: no name, no route, no connection, no TLS. */
export function isUnreachable(error: unknown): boolean {
  return explain(error, 'http://localhost', 0)?.final === true;
}

/** Explains why there was no response at all; null when `error` is not a network error. */
export function explainNetworkError(error: unknown, request: RequestContext): Failure | null {
  const failure = explain(error, request.url, request.timeoutMs);
  return failure === null ? null : nameStep(failure, request);
}

function explain(error: unknown, url: string, timeoutMs: number): Failure | null {
  const { hostname: host, port } = new URL(url);
  const causes = listCauses(error);
  const has = (test: (cause: (typeof causes)[number]) => boolean) => causes.find(test);
  const code = (...codes: string[]) => has((cause) => codes.includes(cause.code)) !== undefined;

  const refused = has((cause) => cause.name === 'AddressRejected');
  if (refused)
    return fail(
      `The address may not be a backend: ${refused.message}`,
      'Register another address, or add this one to UPSTREAM_ALLOW if it is intended.',
    );
  // The list that browsers have (fetch.spec.whatwg.org, "bad port"); Node's fetch follows it.
  if (has((cause) => cause.message === 'bad port'))
    return fail(
      `It cannot be checked: web clients refuse to connect to port ${port}`,
      'Let the server listen on another port. The gateway routes to it nevertheless.',
    );
  if (code('ECONNREFUSED'))
    return fail(
      'It refused the connection',
      'Start the server, and check host and port; inside a container "localhost" is the container itself.',
    );
  if (code('ENOTFOUND'))
    return fail(
      `The name ${host} does not exist`,
      'Check the spelling, or whether the gateway can resolve this name (same Docker network, DNS).',
    );
  if (code('EAI_AGAIN', 'ESERVFAIL', 'ETIMEOUT', 'EDNSTIMEOUT'))
    return fail(`The name ${host} could not be resolved now`, 'Check the DNS of the host that runs the gateway.');
  if (code('EHOSTUNREACH', 'ENETUNREACH'))
    return fail(
      `There is no route to ${host}`,
      'Check the network, firewall and VPN between the gateway and the server.',
    );
  const certificate = explainCertificate(causes, host);
  if (certificate !== null) return certificate;
  if (code('EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG'))
    return fail('It does not support TLS', 'Register it with http:// instead of https://, or check the port.');
  if (code('UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'))
    return fail(
      'Connecting to it timed out',
      'Check that the host runs, and that no firewall between the gateway and the server drops packets.',
    );
  if (has((cause) => cause.name === 'TimeoutError'))
    return failThere(
      `It did not respond within ${timeoutMs} ms`,
      'Check the log of the server: it hangs or is overloaded. If it is always so slow, increase HEALTH_TIMEOUT_MS.',
    );
  if (has((cause) => cause.name === 'StreamEnded'))
    return failThere('It ended its event stream without an answer', 'Check the log of the server for this request.');
  if (code('ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET', 'ECONNABORTED'))
    return failThere(
      'It closed the connection without a response',
      'Check the log of the server: it crashed at this request, or a firewall or a TLS-only port closes connections.',
    );
  if (has((cause) => cause.code.startsWith('HPE_') || cause.name === 'HTTPParserError'))
    return fail('It does not support HTTP', 'Check the port: another program listens there.');
  if (code('UND_ERR_HEADERS_OVERFLOW'))
    return failThere('It responds with more than 32 KB of headers', 'Make the server send fewer or smaller headers.');
  return null;
}
