import { chmodSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CliError, usageError } from '../program/cli-error.ts';

/** Reads a file; null if it does not exist. Throws CliError. */
export function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new CliError(`${file} cannot be read (${(error as Error).message})`, { cause: error });
  }
}

/** Reads a file that was named on the command line, or standard input (0). Throws CliError if it cannot be read. */
export function readNamed(file: string | 0): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw usageError(`${file === 0 ? '-' : file} cannot be read (${(error as Error).message})`);
  }
}

/**
 * Writes by rename, following symbolic links. The mode is preserved, for a `secret` without the rights of group and others; a new file, and for a
 * `secret` a new folder too, is accessible to its user only. A path that is not a regular file (/dev/stdout) is written directly. Throws CliError.
 */
export function writeText(file: string, text: string, { secret = false }: { secret?: boolean } = {}): void {
  const exists = statSync(file, { throwIfNoEntry: false });
  const target = exists === undefined ? file : realpathSync(file);
  const temporary = `${target}.mcpgw-${process.pid}`;
  try {
    if (exists !== undefined && !exists.isFile() && !exists.isDirectory()) {
      writeFileSync(file, text);
      return;
    }
    mkdirSync(dirname(target), { recursive: true, ...(secret && { mode: 0o700 }) });
    // Left by a killed process that had this pid.
    rmSync(temporary, { force: true });
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
    if (exists !== undefined) chmodSync(temporary, exists.mode & (secret ? 0o700 : 0o7777));
    renameSync(temporary, target);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new CliError(`${file} cannot be written (${(cause as Error).message})`, { cause });
  }
}
