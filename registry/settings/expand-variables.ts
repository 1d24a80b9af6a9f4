import { RegistryError } from '../errors.ts';

/** Replaces `${VAR}` by the environment's value; `${VAR:-default}` when it may be absent. */
export function expandVariables(text: string, env: Record<string, string | undefined>): string {
  return text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g, (_, name: string, fallback?: string) => {
    const value = env[name] ?? fallback;
    if (value === undefined)
      throw new RegistryError('invalid', `\${${name}} is used in the configuration, but ${name} is not set`);
    return value;
  });
}
