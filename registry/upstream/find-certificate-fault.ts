/** One error of a chain of causes, as Node reports it. */
export interface ErrorCause {
  code: string;
  message: string;
}

/** What is wrong with a certificate; no text contains an address. */
export interface CertificateFault {
  /** Whose certificate: the server's, or the one that the gateway presents to it. */
  of: 'server' | 'client';
  /** Continues a sentence after "the certificate", or after the server that requires one. */
  says: string;
  /** The names that it is for, where that is the fault: written by the server. */
  names?: string | undefined;
  remedy: string;
}

/** OpenSSL's names for a certificate that is not trusted (openssl-verification-options(1)), as Node reports them. */
const UNTRUSTED =
  /^(DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|INVALID_CA|PATH_LENGTH|CERT_UNTRUSTED|CERT_REJECTED|CERT_SIGNATURE)/;
const OTHER = /^(CERT_|ERR_TLS_)/;
/** Alerts by which a server rejects the client's certificate (RFC 8446 §6.2). */
const CLIENT =
  /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(REVOKED|EXPIRED|UNKNOWN)|UNKNOWN_CA|ACCESS_DENIED)$/;

const toWords = (code: string) => code.toLowerCase().replaceAll('_', ' ');

/** What is wrong with a certificate, of the server or of the gateway; null for any other error. */
export function findCertificateFault(causes: readonly ErrorCause[]): CertificateFault | null {
  const has = (test: RegExp) => causes.find(({ code }) => test.test(code));
  const wrongName = has(/^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/);
  if (wrongName)
    return {
      of: 'server',
      says: 'is for another name',
      names: /cert's altnames: (.+)$/s.exec(wrongName.message)?.[1],
      remedy:
        'Register the name that the certificate is for, or use a certificate for the registered name on the server.',
    };
  if (has(/^CERT_HAS_EXPIRED$/))
    return { of: 'server', says: 'has expired', remedy: 'Renew the certificate of the server.' };
  if (has(/^CERT_NOT_YET_VALID$/))
    return {
      ...{ of: 'server', says: 'is not valid yet' },
      remedy: 'Check the clocks of both machines, and the certificate.',
    };
  const client = has(CLIENT);
  if (client)
    return {
      of: 'client',
      says: `wants a client certificate (${toWords(client.code.replace(/^.*ALERT_/, ''))})`,
      remedy: 'Set tls.certificate and tls.key of the server to a client certificate that it accepts.',
    };
  const untrusted = has(UNTRUSTED) ?? has(OTHER);
  if (untrusted === undefined) return null;
  return {
    of: 'server',
    says: `is not trusted (${toWords(untrusted.code)})`,
    remedy:
      'Set tls.ca of the server to the certificate of its authority, or add that to CA_FILE; a certificate from a known authority needs its whole chain.',
  };
}
