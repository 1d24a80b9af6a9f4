import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface IssuedCertificate {
  certFile: string;
  keyFile: string;
  cert: string;
  key: string;
}

export interface Authority {
  folder: string;
  caFile: string;
  ca: string;
  /** A certificate for these DNS names (or `IP:…`), valid for this many days; negative: expired. Also valid for clients. */
  issue(names: readonly string[], days?: number): IssuedCertificate;
  remove(): void;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });

/** Creates a certificate authority in a temporary folder, with openssl. */
export function createAuthority(name = 'test-ca'): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'mcpgw-ca-'));
  // Started by root, the gateway runs as another user, who must be able to read the certificate.
  chmodSync(folder, 0o755);
  const at = (file: string) => join(folder, file);
  openssl(
    'req',
    '-x509',
    ...NEW_KEY,
    '-days',
    '30',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.crt'),
  );
  let count = 0;
  return {
    folder,
    caFile: at('ca.crt'),
    ca: readFileSync(at('ca.crt'), 'utf8'),
    issue(names, days = 30) {
      count += 1;
      const [certFile, keyFile, request, more] = ['crt', 'key', 'csr', 'ext'].map((end) => at(`${count}.${end}`)) as [
        string,
        string,
        string,
        string,
      ];
      const sans = names.map((one) => (one.startsWith('IP:') ? one : `DNS:${one}`)).join(',');
      writeFileSync(more, `subjectAltName=${sans}\n`);
      openssl('req', ...NEW_KEY, '-subj', `/CN=${name}-${count}`, '-keyout', keyFile, '-out', request);
      const signer = ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', more];
      openssl('x509', '-req', '-in', request, ...signer, '-days', String(days), '-out', certFile);
      return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
