import type { AgentLimits } from '../contract/index.ts';
import { RegistryError } from '../lib/errors.ts';
import type { LiveSettings } from './live-settings.ts';
import { showValue } from './setting-error.ts';
import { SETTING_EXAMPLES, SETTING_SCHEMA, type SettingName } from './setting-schema.ts';

type Values = Readonly<Record<string, string>>;

/** Settings that take effect without a restart. */
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

/** Settings that can be changed at run time, by the names of their environment variables. */
export function nameLiveSettings(
  values: Partial<{ healthCron: string; healthTimeoutMs: number }>,
): Record<string, string> {
  const { healthCron, healthTimeoutMs } = values;
  return {
    ...(healthCron !== undefined && { HEALTH_CRON: healthCron }),
    ...(healthTimeoutMs !== undefined && { HEALTH_TIMEOUT_MS: String(healthTimeoutMs) }),
  };
}

/** The inverse of `nameLiveSettings`; settings that need a restart are omitted. Throws RegistryError `invalid`. */
export function readLiveSettings(settings: Values): Partial<{ healthCron: string; healthTimeoutMs: number }> {
  validateSettings(settings);
  const { HEALTH_CRON: cron, HEALTH_TIMEOUT_MS: timeoutMs } = settings;
  return {
    ...(cron !== undefined && { healthCron: cron }),
    ...(timeoutMs !== undefined && { healthTimeoutMs: Number(timeoutMs) }),
  };
}

/** Validated settings of a configuration file. */
export interface CheckedSettings {
  /** Names of settings that need a restart and differ from the values the gateway started with. */
  restart: string[];
  /** Applies the others. */
  put: () => Promise<void>;
}

/**
 * Validates the settings of a changed configuration file, so that they can be applied together with the rest of the file. Settings that the
 * environment overrides are ignored. Throws RegistryError `invalid`; nothing is changed before `put`.
 */
export function checkFileSettings(
  live: Pick<LiveSettings, 'setManaged'>,
  env: Record<string, string | undefined>,
  settings: Values,
  startedWith: Values,
  agentLimits?: AgentLimits,
): CheckedSettings {
  const isEffective = (name: string) => (env[name] ?? '') === '';
  const effective = Object.fromEntries(Object.entries(settings).filter(([name]) => isEffective(name)));
  const values = { ...readLiveSettings(effective), ...(agentLimits !== undefined && { agentLimits }) };
  const names = new Set([...Object.keys(settings), ...Object.keys(startedWith)]);
  const restart = [...names]
    .filter((name) => !LIVE.includes(name as SettingName) && isEffective(name) && settings[name] !== startedWith[name])
    .sort();
  return { restart, put: () => live.setManaged(values) };
}
