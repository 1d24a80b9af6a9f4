import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../../registry/settings/settings.ts';

/**
 * A configuration contains ports and absolute paths. If they have changed since the last start, the generation that was verified then must not be
 * served (its port may belong to another process): `current` and `verified` are removed, and NGINX waits for the rendering of the registry.
 */
export function removeStaleRendering(settings: Settings): void {
  const { dataDir, logDir, gatewayHost, gatewayPort, tls, registryPort, registryHost, nginxBin, nginxModulesDir } =
    settings;
  const now = JSON.stringify({
    dataDir,
    logDir,
    // Left out if it is the default, so that an upgrade does not render again.
    ...(gatewayHost !== '0.0.0.0' && { gatewayHost }),
    gatewayPort,
    // Without values that may contain a key; each content of a certificate has its own file name.
    tlsPort: tls?.port,
    registryPort,
    registryHost,
    nginxBin,
    nginxModulesDir,
  });
  const file = join(dataDir, 'rendered-for.json');
  const before = existsSync(file) ? readFileSync(file, 'utf8') : null;
  if (before !== null && before !== now)
    for (const name of ['current', 'verified']) rmSync(join(dataDir, name), { force: true });
  writeFileSync(file, now, { mode: 0o600 });
}
