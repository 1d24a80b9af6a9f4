import type { Check } from '../finding.ts';
import { checkConfinement } from './confinement.ts';
import { checkDatabase, checkDataFolder, checkFirstLogin, checkLogFolder } from './data.ts';
import { checkDisk, checkInotify, checkOpenFiles } from './limits.ts';
import { checkBuilt, checkLua, checkNginx, checkSupervisor } from './programs.ts';
import { checkFreePorts, checkLock, checkServices } from './running.ts';
import { checkCertificates, checkClock, checkSettings } from './settings.ts';

/** All checks of this machine, by name, causes before their consequences. */
export const CHECKS: Record<string, Check> = {
  settings: checkSettings,
  clock: checkClock,
  nginx: checkNginx,
  lua: checkLua,
  supervisor: checkSupervisor,
  built: checkBuilt,
  'data folder': checkDataFolder,
  'log folder': checkLogFolder,
  disk: checkDisk,
  database: checkDatabase,
  confinement: checkConfinement,
  'first password': checkFirstLogin,
  certificates: checkCertificates,
  inotify: checkInotify,
  'open files': checkOpenFiles,
  lock: checkLock,
  ports: checkFreePorts,
  services: checkServices,
};
