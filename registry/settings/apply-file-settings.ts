import { RegistryError } from '../errors.ts';
import type { LiveSettings } from './live-settings.ts';
import { showValue } from './setting-error.ts';
import { SETTING_EXAMPLES, SETTING_SCHEMA, type SettingName } from './setting-schema.ts';

type Values = Readonly<Record<string, string>>;

/** Settings that are in force at once. */
const LIVE: readonly SettingName[] = ['HEALTH_CRON', 'HEALTH_TIMEOUT_MS'];

function refuseWrong(settings: Values): void {
  const parsed = SETTING_SCHEMA.safeParse(settings);
  if (parsed.success) return;
  const errors = parsed.error.issues.map(({ path: [name], message }) => ({
    field: `settings.${String(name)}`,
    message: `${showValue(name as SettingName, settings[String(name)])} is not ${message}; a valid value is ${SETTING_EXAMPLES[name as SettingName]}`,
  }));
  throw new RegistryError('invalid', errors.map(({ field, message }) => `${field}: ${message}`).join('\n'), { errors });
}

/**
 * Puts the settings of a configuration file that was changed into effect, where that needs no restart. Returns the names of the others that differ
 * from those the gateway started with. What the environment sets is left alone. Throws RegistryError `invalid`; then nothing was changed.
 */
export async function applyFileSettings(
  live: Pick<LiveSettings, 'setManaged'>,
  env: Record<string, string | undefined>,
  settings: Values,
  startedWith: Values,
): Promise<string[]> {
  refuseWrong(settings);
  const isOurs = (name: string) => (env[name] ?? '') === '';
  const { HEALTH_CRON: cron, HEALTH_TIMEOUT_MS: timeoutMs } = settings;
  await live.setManaged({
    ...(cron !== undefined && isOurs('HEALTH_CRON') && { healthCron: cron }),
    ...(timeoutMs !== undefined && isOurs('HEALTH_TIMEOUT_MS') && { healthTimeoutMs: Number(timeoutMs) }),
  });
  const names = new Set([...Object.keys(settings), ...Object.keys(startedWith)]);
  return [...names]
    .filter((name) => !LIVE.includes(name as SettingName) && isOurs(name) && settings[name] !== startedWith[name])
    .sort();
}
