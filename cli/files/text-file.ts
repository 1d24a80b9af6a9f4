import { chmodSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CliError, usageError } from '../program/cli-error.ts';

/** The text of a file; null: there is none. Throws CliError. */
export function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new CliError(`${file} cannot be read (${(error as Error).message})`, { cause: error });
  }
}

/** The text of a file that was named in the command, or of standard input (0). Throws CliError where it cannot be read. */
export function readNamed(file: string | 0): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw usageError(`${file === 0 ? '-' : file} cannot be read (${(error as Error).message})`);
  }
}

/**
 * Writes by rename, through a link to the file it names. The mode stays as it is, without the rights of group and others for a `secret`; a new file is
 * for its user alone, and for a `secret` a new folder too. What is no file (/dev/stdout) is written to. Throws CliError.
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
    // Left by a process of this number that was killed.
    rmSync(temporary, { force: true });
    writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
    if (exists !== undefined) chmodSync(temporary, exists.mode & (secret ? 0o700 : 0o7777));
    renameSync(temporary, target);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw new CliError(`${file} cannot be written (${(cause as Error).message})`, { cause });
  }
}
