import { createHash } from 'node:crypto';
import { copyFileSync, chmodSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { readText, writeText } from '../files/index.ts';
import { CliError } from '../program/cli-error.ts';

/** One file that was written, so that it can be undone. */
const record = z.object({
  client: z.string(),
  format: z.enum(['json', 'toml', 'yaml']),
  file: z.string(),
  /** Copy of what was there before; null: there was no file, or the copy is of no use any more. */
  backup: z.string().nullable(),
  /** SHA-256 of what was written; empty: the file cannot become byte for byte what it was. */
  hash: z.string(),
  added: z.array(z.array(z.string())),
  at: z.string(),
});
const records = z.array(record);
export type ConnectRecord = z.infer<typeof record>;

const MOST = 50;

/** SHA-256 in hex. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The folder for it, of the XDG base directory specification. */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  const configured = env['XDG_STATE_HOME'];
  return join(
    configured?.startsWith('/') === true ? configured : join(env['HOME'] ?? homedir(), '.local/state'),
    'mcpgw',
  );
}
const fileOf = (env: NodeJS.ProcessEnv): string => join(stateFolder(env), 'connected.json');
const backupFolder = (env: NodeJS.ProcessEnv): string => join(stateFolder(env), 'backups');

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

/** Copies a file for its user alone, since it may hold keys, and returns the copy. */
export function backUp(env: NodeJS.ProcessEnv, file: string): string {
  const folder = backupFolder(env);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const backup = join(folder, `${new Date().toISOString().replaceAll(':', '-')}-${basename(file)}`);
  copyFileSync(file, backup);
  chmodSync(backup, 0o600);
  return backup;
}

/**
 * Those whose file can become byte for byte what it was: the last one of a file while the file is as it was written, and each before it while the
 * copy leads back to it.
 */
function findExact(all: readonly ConnectRecord[]): Set<ConnectRecord> {
  const exact = new Set<ConnectRecord>();
  const expected = new Map<string, string | null>();
  for (const one of [...all].reverse()) {
    const now = expected.has(one.file) ? (expected.get(one.file) ?? null) : readText(one.file);
    const isExact = now !== null && hashOf(now) === one.hash;
    if (isExact) exact.add(one);
    expected.set(one.file, isExact && one.backup !== null ? readText(one.backup) : null);
  }
  return exact;
}

/** Stores what was written. Copies that no undo can use any more are removed: they may hold keys. */
export function writeRecords(env: NodeJS.ProcessEnv, all: readonly ConnectRecord[]): void {
  const last = all.slice(-MOST);
  const exact = findExact(last);
  const stored = last.map((one) => (exact.has(one) ? one : { ...one, backup: null, hash: '' }));
  writeText(fileOf(env), `${JSON.stringify(stored, null, 2)}\n`);
  const used = new Set(stored.map(({ backup }) => backup));
  try {
    for (const name of readdirSync(backupFolder(env))) {
      const backup = join(backupFolder(env), name);
      if (!used.has(backup)) rmSync(backup, { force: true });
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
