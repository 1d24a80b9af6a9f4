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
  /** Copy of the previous file; null: there was none, or the copy is no longer needed. */
  backup: z.string().nullable(),
  /** SHA-256 of what was written; empty: the file cannot be restored byte for byte. */
  hash: z.string(),
  added: z.array(z.array(z.string())),
  at: z.string(),
});
const records = z.array(record);
export type ConnectRecord = z.infer<typeof record>;

const MAX_RECORDS = 50;

/** SHA-256 in hex. */
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The state folder of the XDG base directory specification. */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  const configured = env['XDG_STATE_HOME'];
  return join(
    configured?.startsWith('/') === true ? configured : join(env['HOME'] ?? homedir(), '.local/state'),
    'mcpgw',
  );
}
const fileOf = (env: NodeJS.ProcessEnv): string => join(stateFolder(env), 'connected.json');
const backupFolder = (env: NodeJS.ProcessEnv): string => join(stateFolder(env), 'backups');

/** Reads the records, oldest first. Throws CliError if the file is damaged. */
export function readRecords(env: NodeJS.ProcessEnv): ConnectRecord[] {
  const text = readText(fileOf(env));
  if (text === null) return [];
  try {
    return records.parse(JSON.parse(text));
  } catch (cause) {
    throw new CliError(`${fileOf(env)} is damaged`, { hint: 'Remove it; the backups are next to it.', cause });
  }
}

/** Copies a file, readable by its user only since it may contain keys, and returns the path of the copy. */
export function backUp(env: NodeJS.ProcessEnv, file: string): string {
  const folder = backupFolder(env);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const backup = join(folder, `${new Date().toISOString().replaceAll(':', '-')}-${basename(file)}`);
  copyFileSync(file, backup);
  chmodSync(backup, 0o600);
  return backup;
}

/**
 * Finds the records whose file can be restored byte for byte: the last record of a file if the file has not changed since, and each earlier one if
 * the copies lead back to it.
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

/** Writes the records. Copies that no undo can use any longer are removed: they may contain keys. */
export function writeRecords(env: NodeJS.ProcessEnv, all: readonly ConnectRecord[]): void {
  const last = all.slice(-MAX_RECORDS);
  const exact = findExact(last);
  // A YAML file is restored from its copy even after it was changed.
  const stored = last.map((one) =>
    exact.has(one) || one.format === 'yaml' ? one : { ...one, backup: null, hash: '' },
  );
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
