import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import type { Settings } from '../../../registry/settings/settings.ts';
import { StartError } from '../start-error.ts';

// Safari and Chrome reject a certificate that is valid for longer (CA/Browser Forum BR 6.3.2, and Apple's HT211025 for private ones).
const DAYS = 397;
const CA_DAYS = 3_650;
const RENEW_MS = 30 * 86_400_000;

/** The certificate of the local CA, which browsers and clients have to trust. */
export const devCaFile = (dataDir: string) => join(dataDir, 'tls-dev', 'ca.crt');

function openssl(args: string[]): void {
  try {
    execFileSync('openssl', args, { stdio: 'pipe' });
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: Buffer };
    throw new StartError(
      code === 'ENOENT'
        ? 'a certificate for development needs the program openssl; install it (Debian: apt-get install openssl), or set TLS_CERT and TLS_KEY'
        : `openssl could not create a certificate: ${stderr?.toString().trim() ?? String(error)}`,
    );
  }
}

/** Names that the certificate is for: loopback and all host names of the gateway. */
function listNames({ gatewayUrl, allowedHosts }: Pick<Settings, 'gatewayUrl' | 'allowedHosts'>): string[] {
  const names = ['localhost', '127.0.0.1', '::1', new URL(gatewayUrl).hostname, ...allowedHosts];
  return [...new Set(names.map((name) => name.replace(/^\[|\]$/g, '')))];
}

function isValid(file: string, names: readonly string[]): boolean {
  if (!existsSync(file)) return false;
  const certificate = new X509Certificate(readFileSync(file));
  const covers = (name: string) =>
    (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;
  return Date.parse(certificate.validTo) - Date.now() > RENEW_MS && names.every(covers);
}

/**
 * Creates a local CA and a certificate signed by it, in DATA_DIR/tls-dev; existing valid ones are reused, so that a trusted CA
 * stays trusted. Throws StartError without openssl.
 */
export function ensureDevCertificate(settings: Pick<Settings, 'dataDir' | 'gatewayUrl' | 'allowedHosts'>): void {
  const folder = dirname(devCaFile(settings.dataDir));
  const at = (name: string) => join(folder, name);
  const names = listNames(settings);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  if (!isValid(at('ca.crt'), [])) {
    const subject = ['-subj', '/O=mcpgw/CN=mcpgw development CA'];
    const use = [
      '-addext',
      'keyUsage=critical,keyCertSign,cRLSign',
      '-addext',
      'basicConstraints=critical,CA:TRUE,pathlen:0',
    ];
    openssl([
      'req',
      '-x509',
      ...newKey,
      ...subject,
      ...use,
      '-days',
      String(CA_DAYS),
      '-keyout',
      at('ca.key'),
      '-out',
      at('ca.crt'),
    ]);
    rmSync(at('gateway.crt'), { force: true });
  }
  if (isValid(at('gateway.crt'), names)) return;
  const sans = names.map((name) => `${isIP(name) === 0 ? 'DNS' : 'IP'}:${name}`).join(',');
  writeFileSync(at('extensions'), `subjectAltName=${sans}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n`);
  openssl(['req', ...newKey, '-subj', '/CN=mcpgw', '-keyout', at('gateway.key.new'), '-out', at('request')]);
  const signer = ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('extensions')];
  openssl(['x509', '-req', '-in', at('request'), ...signer, '-days', String(DAYS), '-out', at('gateway.crt.new')]);
  for (const name of ['gateway.key', 'gateway.crt']) renameSync(at(`${name}.new`), at(name));
  for (const name of ['request', 'extensions']) rmSync(at(name));
}
