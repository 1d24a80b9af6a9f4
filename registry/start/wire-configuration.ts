import type { Access } from '../access/index.ts';
import { createConfiguration, type Configuration } from '../configuration/index.ts';
import type { Health } from '../health/index.ts';
import type { Log } from '../lib/log.ts';
import type { Servers } from '../servers/index.ts';
import {
  applyFileSettings,
  findConfigFile,
  nameLiveSettings,
  readLiveSettings,
  referencesOf,
  type LiveSettings,
  type Settings,
} from '../settings/index.ts';
import type { Store } from '../store/index.ts';

interface ConfigurationParts {
  settings: Settings;
  liveSettings: LiveSettings;
  store: Store;
  log: Log;
  servers: Servers;
  access: Access;
  health: Health;
}

/** The configuration as a document, over what owns servers, agents and settings. */
export function wireConfiguration(parts: ConfigurationParts): Configuration {
  const { settings, liveSettings, store, log, servers, access, health } = parts;
  const { env, cwd, settings: startedWith } = settings.config;
  return createConfiguration({
    store,
    log,
    servers,
    access: access.batch,
    allowsPrograms: settings.allowsPrograms,
    refresh: (path) => health.refresh(path),
    storedSettings: async (rows) => nameLiveSettings(await liveSettings.stored(rows)),
    writeSettings: (tx, values) => liveSettings.write(tx, readLiveSettings(values)),
    reloadSettings: () => liveSettings.reload(),
    syncFiles: () => access.files.sync(),
    file: {
      find: () => findConfigFile(env, cwd),
      references: (file) => referencesOf(file, env),
      startedWith,
      applySettings: (values, before) => applyFileSettings(liveSettings, env, values, before),
    },
  });
}
