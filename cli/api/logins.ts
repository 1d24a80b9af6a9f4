import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readText, writeText } from '../files/index.ts';
import { CliError } from '../program/cli-error.ts';

/** A session at one gateway: its cookie, never the password. */
const login = z.object({ username: z.string(), cookie: z.string(), expiresAt: z.string().nullable() });
const logins = z.object({ current: z.string().nullable(), gateways: z.record(z.string(), login) });

export type Logins = z.infer<typeof logins>;

/** The file with the logins, in the configuration folder of the XDG base directory specification. */
export function loginsFile(env: NodeJS.ProcessEnv): string {
  const configured = env['XDG_CONFIG_HOME'];
  // By the specification, a relative path is ignored.
  const folder = configured?.startsWith('/') === true ? configured : join(env['HOME'] ?? homedir(), '.config');
  return join(folder, 'mcpgw', 'logins.json');
}

/** Reads the stored logins; none if there is no file. Throws CliError if the file is invalid. */
export function readLogins(env: NodeJS.ProcessEnv): Logins {
  const file = loginsFile(env);
  const text = readText(file);
  if (text === null) return { current: null, gateways: {} };
  try {
    return logins.parse(JSON.parse(text));
  } catch (cause) {
    throw new CliError(`${file} is damaged`, { hint: 'Remove it and run "mcpgw login" again.', cause });
  }
}

/** Writes the logins, readable by the user only. Throws CliError. */
export function writeLogins(env: NodeJS.ProcessEnv, all: Logins): void {
  writeText(loginsFile(env), `${JSON.stringify(all, null, 2)}\n`, { secret: true });
}
