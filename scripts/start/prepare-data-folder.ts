import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../registry/settings/settings.ts';
import { closeToOthers } from './close-to-others.ts';
import { StartError } from './start-error.ts';
import { takeRunLock, type RunLock } from './supervise/run-lock.ts';
import { removeStaleRendering } from './supervise/stale-rendering.ts';
import { ensureDevCertificate } from './tls/dev-certificate.ts';

/** Locks the data folder for this process and prepares it for the services; runs as their user. Throws StartError. */
export function prepareDataFolder(settings: Settings): RunLock {
  const { dataDir } = settings;
  const lock = takeRunLock(dataDir);
  if (lock === null) throw new StartError(`another start on ${dataDir} was faster`);
  closeToOthers(dataDir);
  removeStaleRendering(settings);
  if (settings.tls?.isDev === true) ensureDevCertificate(settings);
  // mcpgw-server and the bridge wait for the new file from the registry.
  rmSync(join(dataDir, 'run/registry.url'), { force: true });
  return lock;
}
