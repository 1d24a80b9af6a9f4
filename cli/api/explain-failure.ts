import { problem } from '@mcpgw/registry/contract';
import { CliError } from '../program/cli-error.ts';
import { EXIT, type ExitCode } from '../program/exit-codes.ts';

const REASONS: Record<string, readonly [why: string, hint: string]> = {
  ECONNREFUSED: ['nothing listens there', 'Start it with "mcpgw start", or name another gateway: --url or MCPGW_URL.'],
  ENOTFOUND: ['the host name is unknown', 'Check the name for typing errors, and the DNS of this machine.'],
  EAI_AGAIN: ['the host name cannot be resolved at the moment', 'Check the DNS of this machine.'],
  ECONNRESET: ['the connection was closed', 'Check that it is a gateway, and whether it uses http or https.'],
  ENETUNREACH: ['the network is not reachable', 'Check the network of this machine.'],
  CERT_HAS_EXPIRED: ['its certificate has expired', 'Renew the certificate of the gateway (TLS_CERT).'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['its certificate is for another name', 'Use a name that is in the certificate.'],
};
const UNTRUSTED = [
  'its certificate is not trusted',
  'If a private CA issued it, set NODE_EXTRA_CA_CERTS to the file with the certificate of that CA.',
] as const;

// The Fetch standard blocks ports of other protocols, such as 9 and 25; its error has no code.
const BLOCKED = ['no HTTP client connects to this port', 'Check the port: browsers refuse it too.'] as const;

/** Explains why there was no response. */
export function explainNoResponse(url: string, thrown: unknown, timeoutMs: number): CliError {
  const { name, cause } = thrown as { name?: string; cause?: { code?: string; message?: string } };
  const exitCode = EXIT.unreachable;
  if (name === 'TimeoutError')
    return new CliError(`${url} did not respond within ${timeoutMs / 1_000} s`, {
      exitCode,
      cause: thrown,
      hint: 'Run "mcpgw doctor" on its machine.',
    });
  const code = cause?.code ?? '';
  const isUntrusted = /SELF_SIGNED|UNABLE_TO|DEPTH_ZERO/.test(code);
  const [why, hint] =
    REASONS[code] ??
    (cause?.message === 'bad port' ? BLOCKED : undefined) ??
    (isUntrusted ? UNTRUSTED : [code || (cause?.message ?? String(thrown)), 'Run "mcpgw doctor".']);
  return new CliError(`${url} cannot be reached: ${why}`, { exitCode, hint, cause: thrown });
}

function exitCodeOf(status: number): ExitCode {
  if (status === 401 || status === 403) return EXIT.denied;
  if (status === 404) return EXIT.notFound;
  return status === 502 || status === 503 || status === 504 ? EXIT.unreachable : EXIT.failed;
}

function hintFor(status: number): string | undefined {
  if (status === 401) return 'Sign in again with "mcpgw login".';
  if (status === 403) return 'Ask an administrator for another role, or sign in as a user who has it ("mcpgw login").';
  return undefined;
}

/** Converts an error response to a CliError with the message of the gateway. */
export function explainProblem(url: string, status: number, body: unknown): CliError {
  const exitCode = exitCodeOf(status);
  const parsed = problem.safeParse(body);
  if (!parsed.success)
    return new CliError(`${url} responded with ${status} and no reason`, {
      exitCode,
      hint: 'Check that this is the address of a gateway; its log is LOG_DIR/registry/current.',
    });
  const { title, detail, hint, errors = [] } = parsed.data;
  const fields = errors
    .filter(({ message }) => !detail.includes(message))
    .map(({ field, message }) => `\n  ${field}: ${message}`);
  return new CliError(`${title}: ${detail}${fields.join('')}`, {
    exitCode,
    hint: hint ?? hintFor(status),
    data: parsed.data,
  });
}
