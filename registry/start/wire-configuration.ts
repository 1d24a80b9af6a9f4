import type { Access } from '../access/index.ts';
import { createConfiguration, type Configuration } from '../configuration/index.ts';
import type { Events } from '../lib/events.ts';
import type { Health } from '../health/index.ts';
import type { Log } from '../lib/log.ts';
import type { Servers } from '../servers/index.ts';
import {
  checkFileSettings,
  findConfigFile,
  nameLiveSettings,
  readLiveSettings,
  referencesOf,
  rememberSettings,
  type LiveSettings,
  type Settings,
} from '../settings/index.ts';
import type { Store } from '../store/index.ts';

interface ConfigurationParts {
  settings: Settings;
  liveSettings: LiveSettings;
  store: Store;
  events: Events;
  log: Log;
  servers: Servers;
  access: Access;
  health: Health;
}

/** Connects the configuration to the features that own servers, agents and settings. */
export function wireConfiguration(parts: ConfigurationParts): Configuration {
  const { settings, liveSettings, store, events, log, servers, access, health } = parts;
  const { env, cwd, settings: startedWith } = settings.config;
  return createConfiguration({
    store,
    events,
    log,
    servers,
    access: access.batch,
    allowsPrograms: settings.allowsPrograms,
    refresh: (path) => health.refresh(path),
    async storedSettings() {
      const stored = await liveSettings.stored();
      return { settings: nameLiveSettings(stored), agentLimits: stored.agentLimits };
    },
    writeSettings: (tx, values, { agentLimits, replace }) =>
      liveSettings.write(
        tx,
        { ...readLiveSettings(values), ...(agentLimits !== undefined && { agentLimits }) },
        { replace },
      ),
    reloadSettings: () => liveSettings.reload(),
    syncFiles: () => access.files.sync(),
    file: {
      find: () => findConfigFile(env, cwd),
      references: (file) => referencesOf(file, env),
      startedWith,
      checkSettings(values, before, agentLimits) {
        const { restart, put } = checkFileSettings(liveSettings, env, values, before, agentLimits);
        const putAndRemember = async () => {
          await put();
          rememberSettings(settings.dataDir, values);
        };
        return { restart, put: putAndRemember };
      },
    },
  });
}
