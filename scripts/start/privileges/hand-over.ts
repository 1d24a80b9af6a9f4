import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { isPem } from '../../../registry/settings/certificate-pair.ts';
import type { Settings } from '../../../registry/settings/settings.ts';
import { StartError } from '../start-error.ts';
import { assertReadable, grantCheckoutAccess, grantParentAccess } from './grant-access.ts';
import { findInaccessible, type SystemUser } from './system-user.ts';
import { transferOwnership } from './transfer-ownership.ts';

/** As root: transfers the folders to the system user and grants access to them. Throws StartError, with the remedy, if the user could not work there. */
export function handOver(root: string, settings: Settings, user: SystemUser): void {
  transferOwnership(settings, user);
  // Folders below the data folder are accessible already and belong to the ordinary user: root does not follow its links.
  const isLogBelow = settings.logDir.startsWith(`${settings.dataDir}/`);
  grantParentAccess([settings.dataDir, ...(isLogBelow ? [] : [settings.logDir])]);
  grantCheckoutAccess(root);
  if (settings.config.file !== null) assertReadable('the configuration file', settings.config.file);
  for (const { cert, key } of settings.tls?.isDev === false ? settings.tls.sources : []) {
    if (!isPem(cert)) assertReadable('TLS_CERT', cert);
    if (!isPem(key)) assertReadable('TLS_KEY', key);
  }
  if (existsSync(settings.caFile)) assertReadable('CA_FILE', settings.caFile);
  const database = dirname(settings.databaseFile);
  if (findInaccessible('-w', [database]).length > 0)
    throw new StartError(
      `${database} (DATABASE_URL) cannot be written by the user mcpgw; run: chown mcpgw ${database}`,
    );
}
