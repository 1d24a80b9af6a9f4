import { RegistryError, type FieldError } from '../lib/errors.ts';
import { SECRET_SETTINGS, SETTING_EXAMPLES, type SettingName } from './setting-schema.ts';

/** Source of a value: the path of the file, or null for the environment. */
export type SourceOf = (name: SettingName) => string | null;

/** An error in one setting, with a valid value and, if set there, the file. */
export function describeSetting(name: SettingName, problem: string, file: string | null): FieldError {
  return {
    field: file === null ? name : `${name} (in ${file})`,
    message: `${problem}; a valid value is ${SETTING_EXAMPLES[name]}`,
  };
}

/** A value in quotes for an error message; secrets are not shown. */
export function showValue(name: SettingName, value: string | undefined): string {
  return SECRET_SETTINGS.includes(name) ? 'the value' : JSON.stringify(value);
}

/** The error that prevents the start; one line per setting. */
export function invalidSettings(errors: FieldError[]): RegistryError {
  const lines = errors.map(({ field, message }) => `${field}: ${message}`);
  return new RegistryError('invalid', `Invalid settings:\n  ${lines.join('\n  ')}`, {
    errors,
    hint: 'Correct them and start again.',
  });
}
