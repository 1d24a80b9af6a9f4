import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { ServerTls } from '../../contract/index.ts';
import { RegistryError } from '../../lib/errors.ts';

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function readAll(text: string): X509Certificate[] {
  return (text.match(BLOCK) ?? []).map((block) => new X509Certificate(block));
}

function explain({ ca, certificate, key }: ServerTls): [field: string, message: string] | null {
  try {
    if (ca !== null && readAll(ca).length === 0) return ['tls.ca', 'it contains no certificate'];
  } catch {
    return ['tls.ca', 'it contains a certificate that cannot be read'];
  }
  if ((certificate === null) !== (key === null))
    return [
      certificate === null ? 'tls.certificate' : 'tls.key',
      'a client certificate and its key go together; give both, or null for both',
    ];
  if (certificate === null || key === null) return null;
  let own: X509Certificate | undefined;
  try {
    [own] = readAll(certificate);
  } catch {
    own = undefined;
  }
  if (own === undefined) return ['tls.certificate', 'it cannot be read as a certificate'];
  try {
    if (own.checkPrivateKey(createPrivateKey(key))) return null;
  } catch {
    return ['tls.key', 'it cannot be read as a private key without a passphrase'];
  }
  return ['tls.key', 'it is not the key of the certificate in tls.certificate'];
}

/** Throws `invalid` when a server's TLS settings cannot be used; the error never contains the key. */
export function validateTls(tls: ServerTls | undefined): void {
  const found = tls === undefined ? null : explain(tls);
  if (found === null) return;
  const [field, message] = found;
  throw new RegistryError('invalid', `${field}: ${message}`, {
    errors: [{ field, message }],
    hint: 'Give certificates and keys as PEM text, for example from "cat client.crt".',
  });
}
