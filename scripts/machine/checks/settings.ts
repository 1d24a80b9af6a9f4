import { X509Certificate } from 'node:crypto';
import { statSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { CertificateError, readCertificatePair } from '../../../registry/settings/certificate-pair.ts';
import { error, warning, type Check } from '../finding.ts';

const NOTICE_MS = 14 * 86_400_000;

/** Checks that a start would accept the settings. */
export const checkSettings: Check = ({ settings }) =>
  settings.problems.map((problem) => error(problem, 'Correct it in the environment or in the file of settings.'));

/** Checks that the gateway's own certificates are valid, not about to expire, and for its name. */
export const checkCertificates: Check = ({ settings: { tls, gatewayUrl }, nowMs }) => {
  if (tls === null) return [];
  const exists = (file: string) => statSync(file, { throwIfNoEntry: false }) !== undefined;
  const certificates: X509Certificate[] = [];
  const findings = tls.sources.flatMap((source) => {
    // A start with TLS_DEV creates it.
    if (tls.isDev && !exists(source.cert)) return [];
    try {
      certificates.push(new X509Certificate(readCertificatePair(source).cert));
      return [];
    } catch (thrown) {
      if (!(thrown instanceof CertificateError)) throw thrown;
      return [error(thrown.message, `Correct ${thrown.part === 'cert' ? 'TLS_CERT' : 'TLS_KEY'}.`)];
    }
  });
  for (const certificate of certificates) {
    const remainingMs = Date.parse(certificate.validTo) - nowMs;
    if (remainingMs < 0)
      findings.push(
        error(
          `the certificate of the gateway has expired (${certificate.validTo})`,
          'Renew it; the files are reloaded automatically.',
        ),
      );
    else if (remainingMs < NOTICE_MS)
      findings.push(
        warning(
          `the certificate of the gateway expires soon (${certificate.validTo})`,
          'Renew it; the files are reloaded automatically.',
        ),
      );
    if (Date.parse(certificate.validFrom) > nowMs)
      findings.push(
        error(
          `the certificate of the gateway is not valid before ${certificate.validFrom}`,
          'Check the clock of this machine, or get another certificate.',
        ),
      );
  }
  const host = new URL(gatewayUrl).hostname.replace(/^\[|\]$/g, '');
  if (
    certificates.length > 0 &&
    !certificates.some((one) => (isIP(host) === 0 ? one.checkHost(host) : one.checkIP(host)))
  )
    findings.push(
      error(
        `no certificate of the gateway is for ${host}, the name in GATEWAY_URL`,
        'Use a certificate with that name, or another GATEWAY_URL.',
      ),
    );
  return findings;
};

/** Checks that the clock of this machine is plausible: keys, sessions and certificates depend on it. */
export const checkClock: Check = ({ root, nowMs }) => {
  const built = statSync(join(root, 'package.json'), { throwIfNoEntry: false });
  return built !== undefined && built.mtimeMs > nowMs + 3_600_000
    ? [
        error(
          `the clock of this machine is at ${new Date(nowMs).toISOString()}, which is before mcpgw was installed`,
          'Set the clock (timedatectl set-ntp true): the expiry of keys and certificates depends on it.',
        ),
      ]
    : [];
};
