import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Source of a certificate and its key: each an absolute file path, or the PEM text itself. */
export interface CertificateSource {
  cert: string;
  key: string;
}

/** A certificate with its chain and the matching key, both as PEM text. */
export interface CertificatePair {
  cert: string;
  key: string;
  /** DNS names of the certificate, lower case; may include wildcards such as `*.example.com`. */
  names: string[];
  expiresAt: Date;
}

/** Thrown for a certificate or key that cannot be used. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  readonly part: keyof CertificateSource;

  constructor(part: keyof CertificateSource, message: string) {
    super(message);
    this.part = part;
  }
}

/** Whether a setting holds PEM text instead of a file path. */
export const isPem = (text: string): boolean => text.trimStart().startsWith('-----BEGIN ');

function readPart(part: keyof CertificateSource, source: CertificateSource): string {
  const from = source[part];
  if (isPem(from)) return `${from.trim()}\n`;
  try {
    return readFileSync(from, 'utf8');
  } catch (error) {
    throw new CertificateError(part, `${from} cannot be read (${(error as Error).message})`);
  }
}

const nameOf = (part: keyof CertificateSource, source: CertificateSource) =>
  isPem(source[part]) ? 'the value' : source[part];

function listNames({ subjectAltName = '', subject }: X509Certificate): string[] {
  const names = [...subjectAltName.matchAll(/DNS:([^,\s"]+)/g)].map((found) => found[1] ?? '');
  // Without a subjectAltName, the common name is used (RFC 6125 §6.4.4).
  const common = /^CN=(.+)$/m.exec(subject)?.[1];
  return (names.length === 0 && common !== undefined ? [common] : names).map((name) => name.toLowerCase());
}

/** Reads a certificate and its key and checks that they match. Throws CertificateError, which never contains the key. */
export function readCertificatePair(source: CertificateSource): CertificatePair {
  const [cert, key] = [readPart('cert', source), readPart('key', source)];
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch {
    throw new CertificateError('cert', `${nameOf('cert', source)} is not a certificate in PEM format`);
  }
  let fits: boolean;
  try {
    fits = certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    throw new CertificateError(
      'key',
      `${nameOf('key', source)} is not a private key in PEM format without a passphrase`,
    );
  }
  if (!fits)
    throw new CertificateError(
      'key',
      `${nameOf('key', source)} is not the key of the certificate in ${isPem(source.cert) ? 'TLS_CERT' : source.cert}`,
    );
  return { cert, key, names: listNames(certificate), expiresAt: new Date(certificate.validTo) };
}

/** The certificate of `TLS_DEV`, which scripts/start/tls creates before the registry starts. */
export function devCertificate(dataDir: string): CertificateSource {
  return { cert: join(dataDir, 'tls-dev', 'gateway.crt'), key: join(dataDir, 'tls-dev', 'gateway.key') };
}
