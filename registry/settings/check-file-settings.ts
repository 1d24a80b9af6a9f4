import type { AgentLimits } from '../contract/index.ts';
import { RegistryError } from '../lib/errors.ts';
import type { LiveSettings } from './live-settings.ts';
import { showValue } from './setting-error.ts';
import { SETTING_EXAMPLES, SETTING_SCHEMA, type SettingName } from './setting-schema.ts';

type Values = Readonly<Record<string, string>>;

/** Settings that are in force at once. */
const LIVE: readonly SettingName[] = ['HEALTH_CRON', 'HEALTH_TIMEOUT_MS'];

function validateSettings(settings: Values): void {
  const parsed = SETTING_SCHEMA.safeParse(settings);
  if (parsed.success) return;
  const errors = parsed.error.issues.map(({ path: [name], message }) => ({
    field: `settings.${String(name)}`,
    message: `${showValue(name as SettingName, settings[String(name)])} is not ${message}; a valid value is ${SETTING_EXAMPLES[name as SettingName]}`,
  }));
  throw new RegistryError('invalid', errors.map(({ field, message }) => `${field}: ${message}`).join('\n'), { errors });
}

/** Settings that can be changed at run time, by the names of the environment. */
export function nameLiveSettings(
  values: Partial<{ healthCron: string; healthTimeoutMs: number }>,
): Record<string, string> {
  const { healthCron, healthTimeoutMs } = values;
  return {
    ...(healthCron !== undefined && { HEALTH_CRON: healthCron }),
    ...(healthTimeoutMs !== undefined && { HEALTH_TIMEOUT_MS: String(healthTimeoutMs) }),
  };
}

/** The other way round; what needs a restart is left out. Throws RegistryError `invalid`. */
export function readLiveSettings(settings: Values): Partial<{ healthCron: string; healthTimeoutMs: number }> {
  validateSettings(settings);
  const { HEALTH_CRON: cron, HEALTH_TIMEOUT_MS: timeoutMs } = settings;
  return {
    ...(cron !== undefined && { healthCron: cron }),
    ...(timeoutMs !== undefined && { healthTimeoutMs: Number(timeoutMs) }),
  };
}

/** Settings of a configuration file that were checked. */
export interface CheckedSettings {
  /** Names of those that differ from what the gateway started with, and need a restart. */
  restart: string[];
  /** Puts the others into effect. */
  put: () => Promise<void>;
}

/**
 * Checks the settings of a configuration file that was changed, so that they can be put into effect when the rest of the file is. What the
 * environment sets is left alone. Throws RegistryError `invalid`; nothing is changed before `put`.
 */
export function checkFileSettings(
  live: Pick<LiveSettings, 'setManaged'>,
  env: Record<string, string | undefined>,
  settings: Values,
  startedWith: Values,
  agentLimits?: AgentLimits,
): CheckedSettings {
  const isOurs = (name: string) => (env[name] ?? '') === '';
  const ours = Object.fromEntries(Object.entries(settings).filter(([name]) => isOurs(name)));
  const values = { ...readLiveSettings(ours), ...(agentLimits !== undefined && { agentLimits }) };
  const names = new Set([...Object.keys(settings), ...Object.keys(startedWith)]);
  const restart = [...names]
    .filter((name) => !LIVE.includes(name as SettingName) && isOurs(name) && settings[name] !== startedWith[name])
    .sort();
  return { restart, put: () => live.setManaged(values) };
}
