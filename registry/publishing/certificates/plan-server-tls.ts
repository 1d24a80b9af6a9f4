import type { ServerTls } from '../../contract/index.ts';
import type { PlannedServerTls } from '../plan/route-plan.ts';
import type { PemFiles } from './pem-files.ts';

/** Writes the certificates and keys of servers that have their own, and returns the files by the server's id. Throws the file system's error. */
export async function planServerTls(
  servers: readonly { id: string; tls?: ServerTls | undefined }[],
  files: PemFiles,
): Promise<ReadonlyMap<string, PlannedServerTls>> {
  const planned = new Map<string, PlannedServerTls>();
  for (const { id, tls } of servers) {
    if (tls === undefined) continue;
    const { ca, certificate, key } = tls;
    planned.set(id, {
      ...(ca !== null && { caFile: await files.write(ca) }),
      ...(certificate !== null &&
        key !== null && { own: { certFile: await files.write(certificate), keyFile: await files.write(key) } }),
    });
  }
  return planned;
}
