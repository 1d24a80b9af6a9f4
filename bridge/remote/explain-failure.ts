import { SdkError, SdkHttpError } from '@modelcontextprotocol/client';
import { AddressRejected, findCertificateFault, UpgradeRefused } from '../../registry/upstream/index.ts';
import { BridgeError } from '../bridge-error.ts';

// Agents read these errors, so none contains an address of the server.

/** Status codes for a request without a valid credential. */
export const REFUSED = [401, 403, 407];
const CLOSED = ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'UND_ERR_SOCKET'];
const SEE = 'The page of the server shows its address and health.';

function codeOf(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (typeof code === 'string') return code;
    const [first] = cause instanceof AggregateError ? (cause.errors as unknown[]) : [];
    if (first !== undefined) return codeOf(first);
  }
  return undefined;
}

function causes(error: unknown): NodeJS.ErrnoException[] {
  const all: NodeJS.ErrnoException[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) all.push(cause);
  return all;
}

/** What is wrong with the certificate of either side; the names in the server's certificate are left out. */
function explainCertificate(path: string, error: unknown): BridgeError | undefined {
  const all = causes(error).map(({ code, message }) => ({ code: typeof code === 'string' ? code : '', message }));
  const fault = findCertificateFault(all);
  if (fault === null) return undefined;
  const whose = fault.of === 'server' ? `the TLS certificate of the server of "${path}"` : `the server of "${path}"`;
  return new BridgeError('unreachable', `${whose} ${fault.says}`, fault.remedy);
}

/** The status of a response that a client of the SDK treated as an error. */
export const statusOf = (error: unknown): number | undefined =>
  error instanceof SdkHttpError ? error.status : undefined;

/** Whether there was no response at all. */
export const isOffline = (error: unknown): boolean => !(error instanceof SdkError) && codeOf(error) !== undefined;

/** Explains a status that a server returned instead of an MCP response. */
export function explainStatus(path: string, status: number): BridgeError {
  if (REFUSED.includes(status))
    return new BridgeError(
      'backend_refused',
      `the server of "${path}" refuses the credentials of the gateway (${status})`,
      'Enter a valid credential at the headers of the server.',
    );
  return new BridgeError(
    'broken_reply',
    `the server of "${path}" answers ${status} instead of an MCP response`,
    'Check that its URL is that of an MCP server.',
  );
}

/** Explains a response that is not an MCP message. */
export function explainText(path: string): BridgeError {
  return new BridgeError(
    'broken_reply',
    `the server of "${path}" answers with something that is not an MCP message`,
    'Check that its URL is that of an MCP server.',
  );
}

/** Why a connection could not be opened. */
export function explainFailure(path: string, error: unknown): BridgeError {
  if (error instanceof BridgeError) return error;
  const refused = causes(error).find((one) => one instanceof UpgradeRefused);
  if (refused !== undefined) return explainStatus(path, refused.status);
  if (causes(error).some((one) => one instanceof AddressRejected))
    return new BridgeError(
      'unreachable',
      `the server of "${path}" is at an address that the gateway may not reach`,
      'An address that is refused on purpose can be allowed with UPSTREAM_ALLOW.',
    );
  const certificate = explainCertificate(path, error);
  if (certificate !== undefined) return certificate;
  const { name, message } = error as Error;
  const code = codeOf(error);
  if (code !== undefined && CLOSED.includes(code))
    return new BridgeError(
      'unreachable',
      `the server of "${path}" closed the connection without an answer`,
      'Check the log of the server: it crashed, or wants a client certificate (tls.certificate and tls.key) and closed a connection without one.',
    );
  const isLate = name === 'TimeoutError' || /timed out|timeout/i.test(message);
  const reason = code ?? (isLate ? 'it did not answer in time' : 'the connection failed');
  return new BridgeError('unreachable', `the server of "${path}" cannot be reached (${reason})`, SEE);
}

/** Explains the end of an open connection. */
export function explainLoss(path: string, how: string): BridgeError {
  return new BridgeError(
    'connection_lost',
    `the connection to the server of "${path}" was lost (${how})`,
    'Call again: the next call opens a new one. The server may have completed the interrupted calls.',
  );
}
