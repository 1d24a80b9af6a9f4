import { devCertificate, isPem, type CertificateSource } from './certificate-pair.ts';
import { describeSetting, invalidSettings, type SourceOf } from './setting-error.ts';
import type { SETTING_SCHEMA, SettingName } from './setting-schema.ts';

type Parsed = ReturnType<typeof SETTING_SCHEMA.parse>;

export interface TlsSettings {
  port: number;
  /** The first is presented to clients that request a name which no certificate contains. */
  sources: CertificateSource[];
  /** The certificate is created by `start.sh --tls=dev`. */
  isDev: boolean;
}

/** Throws for a setting that conflicts with another. */
type RejectSetting = (name: SettingName, problem: string) => never;

/** Creates a function that throws RegistryError `invalid` for a setting, naming its source. */
export function createRejectSetting(sourceOf: SourceOf): RejectSetting {
  return (name, problem) => {
    throw invalidSettings([describeSetting(name, problem, sourceOf(name))]);
  };
}

/** Where the gateway's certificates come from; null: no TLS. Throws RegistryError `invalid`. */
export function locateTls(
  s: Parsed,
  { dataDir, toAbsolute, reject }: { dataDir: string; toAbsolute: (file: string) => string; reject: RejectSetting },
): TlsSettings | null {
  const [certs, keys] = [s.TLS_CERT ?? [], s.TLS_KEY ?? []];
  const port = s.GATEWAY_TLS_PORT;
  if (s.TLS_DEV === 'yes') {
    if (certs.length > 0)
      reject('TLS_DEV', 'TLS_CERT is set too; a gateway has either its own certificate or one for development');
    return { port, sources: [devCertificate(dataDir)], isDev: true };
  }
  if (certs.length === 0 && keys.length === 0) return null;
  if (certs.length === 0 || keys.length === 0)
    reject(certs.length === 0 ? 'TLS_CERT' : 'TLS_KEY', 'TLS_CERT and TLS_KEY go together; set both or neither');
  if (certs.length !== keys.length)
    reject(
      'TLS_KEY',
      `it names ${keys.length} keys and TLS_CERT ${certs.length} certificates; each needs its own, in the same order`,
    );
  const locate = (from = '') => (isPem(from) ? from : toAbsolute(from));
  return {
    port,
    sources: certs.map((cert, index) => ({ cert: locate(cert), key: locate(keys[index]) })),
    isDev: false,
  };
}

/** The public URL; https if the gateway uses TLS. Throws RegistryError `invalid` if it is set to http anyway. */
export function chooseGatewayUrl(s: Parsed, tls: TlsSettings | null, reject: RejectSetting): string {
  if (tls === null)
    return (s.GATEWAY_URL ?? `http://localhost:${s.GATEWAY_PORT}`)
      .replace(/\/+$/, '')
      .replace(/^(http:\/\/.*):80$/, '$1');
  const url = (s.GATEWAY_URL ?? `https://localhost:${tls.port}`)
    .replace(/\/+$/, '')
    .replace(/^(https:\/\/.*):443$/, '$1');
  if (!url.startsWith('https:'))
    reject('GATEWAY_URL', `"${url}" is http, and with a certificate every call uses https`);
  return url;
}
