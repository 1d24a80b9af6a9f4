import { accessSync, chmodSync, constants, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { CertificateError, readCertificatePair, type CertificateSource } from './certificate-pair.ts';
import type { SettingName } from './setting-schema.ts';

/** Why the file or folder of a setting cannot be used, by setting. */
export type FileProblems = Partial<Record<SettingName, string>>;

const messageOf = (error: unknown) => (error as Error).message;

/** Creates a private folder unless it exists. Returns why it cannot be used, or null. */
export function prepareFolder(folder: string): string | null {
  try {
    if (process.getuid?.() === 0 && lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true)
      return `${folder} is a symbolic link, which is not followed as root`;
    const isNew = mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined;
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    // A non-empty folder keeps its mode: it may be /var/log.
    if (isNew || readdirSync(folder).length === 0) chmodSync(folder, 0o700);
    return null;
  } catch (error) {
    return `${folder} cannot be created or written (${messageOf(error)})`;
  }
}

/** Why a file cannot be read, or null. */
export function checkReadable(file: string): string | null {
  try {
    if (!statSync(file).isFile()) return `${file} is not a file`;
    accessSync(file, constants.R_OK);
    return null;
  } catch (error) {
    return `${file} cannot be read (${messageOf(error)})`;
  }
}

/** Checks that each certificate and its key can be read, are valid and match. */
export function checkTls(sources: readonly CertificateSource[]): FileProblems {
  const problems: FileProblems = {};
  for (const source of sources)
    try {
      readCertificatePair(source);
    } catch (error) {
      if (!(error instanceof CertificateError)) throw error;
      problems[error.part === 'cert' ? 'TLS_CERT' : 'TLS_KEY'] ??= error.message;
    }
  return problems;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Why a program cannot be run, or null. A name without a slash is looked up in `path` and in the folders of system programs. */
export function checkProgram(program: string, path: string): string | null {
  if (program.includes('/')) return isExecutable(program) ? null : `${program} is not an executable file`;
  const folders = [...path.split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'].filter((folder) => folder !== '');
  return folders.some((folder) => isExecutable(join(folder, program))) ? null : `there is no program ${program}`;
}

/** Why a folder that the gateway does not create cannot be read, or null. */
export function checkFolder(folder: string): string | null {
  try {
    readdirSync(folder);
    return null;
  } catch (error) {
    return `${folder} cannot be read (${messageOf(error)})`;
  }
}

/** Why no database file can be created at `file`, or null. */
export function checkDatabase(file: string): string | null {
  try {
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return `the folder of ${file} cannot be written (${messageOf(error)})`;
  }
}
