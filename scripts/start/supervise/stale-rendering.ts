import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../../registry/settings/settings.ts';

/**
 * A configuration holds ports and absolute paths. When they are others than at the last start, what was verified then must not serve now (its
 * port may be somebody else's): `current` and `verified` go, and NGINX waits for what the registry renders.
 */
export function removeStaleRendering(settings: Settings): void {
  const { dataDir, logDir, gatewayHost, gatewayPort, tls, registryPort, registryHost, nginxBin, nginxModulesDir } =
    settings;
  const now = JSON.stringify({
    dataDir,
    logDir,
    // Left out where it is the default, so that an upgrade renders nothing again.
    ...(gatewayHost !== '0.0.0.0' && { gatewayHost }),
    gatewayPort,
    // Without what may hold a key; certificates have a file name of their own for each content.
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
