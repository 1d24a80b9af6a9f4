import type { EffectiveSetting } from '../contract/index.ts';
import { isPem } from './certificate-pair.ts';
import { SECRET_SETTINGS, type SETTING_SCHEMA, type SettingName } from './setting-schema.ts';

type Value = string | number | readonly string[] | undefined;

function show(name: SettingName, value: Value): string | null {
  if (value === undefined) return null;
  if (SECRET_SETTINGS.includes(name)) return '(secret)';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return value.map((item) => (isPem(item) ? '(PEM text)' : item)).join(', ');
}

/** Every setting with its value as text, by name; secrets are masked. */
export function listInForce(
  parsed: ReturnType<typeof SETTING_SCHEMA.parse>,
  sourceOf: (name: SettingName) => EffectiveSetting['source'],
): EffectiveSetting[] {
  return (Object.keys(parsed) as SettingName[])
    .sort()
    .map((name) => ({ name, value: show(name, parsed[name]), source: sourceOf(name) }));
}
