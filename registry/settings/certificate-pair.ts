import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a certificate and its key come from: each the absolute name of a file, or the PEM text itself. */
export interface CertificateSource {
  cert: string;
  key: string;
}

/** A certificate with its chain and the key that belongs to it, both as PEM text. */
export interface CertificatePair {
  cert: string;
  key: string;
  /** DNS names in it, lower case; `*.example.com` is one. */
  names: string[];
  expiresAt: Date;
}

/** Why a certificate or its key is of no use. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
  readonly part: keyof CertificateSource;

  constructor(part: keyof CertificateSource, message: string) {
    super(message);
    this.part = part;
  }
}

/** Whether a setting holds PEM text instead of the name of a file. */
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
  // Without a subjectAltName its common name counts (RFC 6125 §6.4.4).
  const common = /^CN=(.+)$/m.exec(subject)?.[1];
  return (names.length === 0 && common !== undefined ? [common] : names).map((name) => name.toLowerCase());
}

/** Reads a certificate and its key, and whether they belong together. Throws CertificateError, without a word of the key. */
export function readCertificatePair(source: CertificateSource): CertificatePair {
  const [cert, key] = [readPart('cert', source), readPart('key', source)];
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch {
    throw new CertificateError('cert', `${nameOf('cert', source)} is no certificate in PEM form`);
  }
  let fits: boolean;
  try {
    fits = certificate.checkPrivateKey(createPrivateKey(key));
  } catch {
    throw new CertificateError('key', `${nameOf('key', source)} is no private key in PEM form without a passphrase`);
  }
  if (!fits)
    throw new CertificateError(
      'key',
      `${nameOf('key', source)} is not the key of the certificate in ${isPem(source.cert) ? 'TLS_CERT' : source.cert}`,
    );
  return { cert, key, names: listNames(certificate), expiresAt: new Date(certificate.validTo) };
}

/** The certificate of `TLS_DEV`, which scripts/start/tls makes before the registry starts. */
export function devCertificate(dataDir: string): CertificateSource {
  return { cert: join(dataDir, 'tls-dev', 'gateway.crt'), key: join(dataDir, 'tls-dev', 'gateway.key') };
}
