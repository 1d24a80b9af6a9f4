import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { CliError } from '../program/cli-error.ts';
import { readText, writeText } from './config-file.ts';

/** One file that was written, so that it can be undone. */
const record = z.object({
  client: z.string(),
  format: z.enum(['json', 'toml', 'yaml']),
  file: z.string(),
  /** Copy of what was there before; null: there was no file. */
  backup: z.string().nullable(),
  /** SHA-256 of what was written. */
  hash: z.string(),
  added: z.array(z.array(z.string())),
  at: z.string(),
});
const records = z.array(record);
export type ConnectRecord = z.infer<typeof record>;

const MOST = 200;

/** The folder for it, of the XDG base directory specification. */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  const configured = env['XDG_STATE_HOME'];
  return join(
    configured?.startsWith('/') === true ? configured : join(env['HOME'] ?? homedir(), '.local/state'),
    'mcpgw',
  );
}
const fileOf = (env: NodeJS.ProcessEnv): string => join(stateFolder(env), 'connected.json');

/** What was written so far, oldest first. Throws CliError for a damaged file. */
export function readRecords(env: NodeJS.ProcessEnv): ConnectRecord[] {
  const text = readText(fileOf(env));
  if (text === null) return [];
  try {
    return records.parse(JSON.parse(text));
  } catch (cause) {
    throw new CliError(`${fileOf(env)} is damaged`, { hint: 'Remove it; backups are beside it.', cause });
  }
}

/** Stores what was written. */
export function writeRecords(env: NodeJS.ProcessEnv, all: readonly ConnectRecord[]): void {
  writeText(fileOf(env), `${JSON.stringify(all.slice(-MOST), null, 2)}\n`);
}
