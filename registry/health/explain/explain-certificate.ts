import type { Failure } from './failure.ts';
import { quoteForeign } from './redact.ts';

interface Cause {
  code: string;
  message: string;
}

/** OpenSSL's names for a certificate that is not trusted (openssl-verification-options(1)), as Node reports them. */
const UNTRUSTED =
  /^(DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|INVALID_CA|PATH_LENGTH|CERT_UNTRUSTED|CERT_REJECTED|CERT_SIGNATURE)/;
const OTHER = /^(CERT_|ERR_TLS_)/;
/** Alerts by which a server says what it thinks of the client's certificate (RFC 8446 \u00a76.2). */
const CLIENT =
  /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(REVOKED|EXPIRED|UNKNOWN)|UNKNOWN_CA|ACCESS_DENIED)$/;

function fail(problem: string, remedy: string, health: Failure['health'] = 'unhealthy'): Failure {
  return { health, final: true, rank: 100, problem, remedy };
}

/** Explains what is wrong with a certificate, the server's or the gateway's own; null when it is none of that. */
export function explainCertificate(causes: readonly Cause[], host: string): Failure | null {
  const has = (test: RegExp) => causes.find(({ code }) => test.test(code));
  const wrongName = has(/^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/);
  if (wrongName) {
    const names = /cert's altnames: (.+)$/s.exec(wrongName.message)?.[1];
    return fail(
      `The TLS certificate of ${host} is for another name${names === undefined ? '' : ` (${quoteForeign(names, 120)})`}`,
      'Register the name that the certificate is for, or give the server a certificate for the name that is registered.',
    );
  }
  if (has(/^CERT_HAS_EXPIRED$/))
    return fail(`The TLS certificate of ${host} has expired`, 'Renew the certificate of the server.');
  if (has(/^CERT_NOT_YET_VALID$/))
    return fail(
      `The TLS certificate of ${host} is not valid yet`,
      'Check the clocks of both machines, and the certificate.',
    );
  const client = has(CLIENT);
  if (client)
    return fail(
      `${host} wants a client certificate (${client.code
        .replace(/^.*ALERT_/, '')
        .toLowerCase()
        .replaceAll('_', ' ')})`,
      'Set tls.certificate and tls.key of the server to a client certificate that it accepts.',
      'auth_required',
    );
  const untrusted = has(UNTRUSTED) ?? has(OTHER);
  if (untrusted === undefined) return null;
  return fail(
    `The TLS certificate of ${host} is not trusted (${untrusted.code.toLowerCase().replaceAll('_', ' ')})`,
    'Set tls.ca of the server to the certificate of its authority, or add that to CA_FILE; a certificate from a known authority needs its whole chain.',
  );
}
