import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { CliError } from '../program/cli-error.ts';

/** A session at one gateway: its cookie, never the password. */
const login = z.object({ username: z.string(), cookie: z.string(), expiresAt: z.string().nullable() });
const logins = z.object({ current: z.string().nullable(), gateways: z.record(z.string(), login) });

export type Logins = z.infer<typeof logins>;

/** The file with the logins, in the configuration folder of the XDG base directory specification. */
export function loginsFile(env: NodeJS.ProcessEnv): string {
  const configured = env['XDG_CONFIG_HOME'];
  // The specification: a relative path is ignored.
  const folder = configured?.startsWith('/') === true ? configured : join(env['HOME'] ?? homedir(), '.config');
  return join(folder, 'mcpgw', 'logins.json');
}

/** The stored logins; none when there is no file. Throws CliError for a file that is not one. */
export function readLogins(env: NodeJS.ProcessEnv): Logins {
  const file = loginsFile(env);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { current: null, gateways: {} };
    throw new CliError(`${file} cannot be read (${(error as Error).message})`, { cause: error });
  }
  try {
    return logins.parse(JSON.parse(text));
  } catch (cause) {
    throw new CliError(`${file} is damaged`, { hint: 'Remove it and run "mcpgw login" again.', cause });
  }
}

/** Writes the logins by rename, readable by the user alone. Throws CliError. */
export function writeLogins(env: NodeJS.ProcessEnv, all: Logins): void {
  const file = loginsFile(env);
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    rmSync(temporary, { force: true });
    writeFileSync(temporary, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
    chmodSync(temporary, 0o600);
    renameSync(temporary, file);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new CliError(`the login cannot be stored in ${file} (${(cause as Error).message})`, { cause });
  }
}
