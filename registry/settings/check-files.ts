import { createPrivateKey, X509Certificate } from 'node:crypto';
import { accessSync, chmodSync, constants, lstatSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { SettingName } from './setting-schema.ts';

/** Setting → why its file or folder cannot be used. */
export type FileProblems = Partial<Record<SettingName, string>>;

const messageOf = (error: unknown) => (error as Error).message;

/** Creates a private folder unless it exists. Returns why it cannot be used, or null. */
export function prepareFolder(folder: string): string | null {
  try {
    if (process.getuid?.() === 0 && lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true)
      return `${folder} is a symbolic link, which is not followed as root`;
    const isNew = mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined;
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    // A folder that holds something already keeps its mode: it may be /var/log.
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

/** Whether certificate and key can be read, are what they should be, and belong together. */
export function checkTls({ certFile, keyFile }: { certFile: string; keyFile: string }): FileProblems {
  const [cert, key] = [checkReadable(certFile), checkReadable(keyFile)];
  if (cert !== null || key !== null)
    return { ...(cert === null ? {} : { TLS_CERT: cert }), ...(key === null ? {} : { TLS_KEY: key }) };
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(readFileSync(certFile));
  } catch {
    return { TLS_CERT: `${certFile} is no certificate in PEM form` };
  }
  try {
    if (certificate.checkPrivateKey(createPrivateKey(readFileSync(keyFile)))) return {};
  } catch {
    return { TLS_KEY: `${keyFile} is no private key in PEM form without a passphrase` };
  }
  return { TLS_KEY: `${keyFile} is not the key of the certificate in ${certFile}` };
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
  if (program.includes('/')) return isExecutable(program) ? null : `${program} is no program that can be run`;
  const folders = [...path.split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'].filter((folder) => folder !== '');
  return folders.some((folder) => isExecutable(join(folder, program))) ? null : `there is no program ${program}`;
}

/** Why a folder that others made cannot be read, or null. */
export function checkFolder(folder: string): string | null {
  try {
    readdirSync(folder);
    return null;
  } catch (error) {
    return `${folder} cannot be read (${messageOf(error)})`;
  }
}

/** Why there can be no database file at `file`, or null. */
export function checkDatabase(file: string): string | null {
  try {
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return `the folder of ${file} cannot be written (${messageOf(error)})`;
  }
}
