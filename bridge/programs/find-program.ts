import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { BridgeError } from '../bridge-error.ts';

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** The first executable of that name in the folders of a PATH; undefined: there is none. */
export const findOnPath = (name: string, path: string): string | undefined =>
  path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .find(isExecutable);

/** The absolute path of a program: as written, or the first of that name on the PATH. Throws BridgeError `program_not_found`. */
export function findProgram(command: string, path: string): string {
  if (isAbsolute(command)) {
    if (isExecutable(command)) return command;
    throw new BridgeError(
      'program_not_found',
      `${command} is missing or not executable`,
      'Install it, or correct "command".',
    );
  }
  if (command.includes('/'))
    throw new BridgeError(
      'program_not_found',
      `command: ${JSON.stringify(command)} is a relative path`,
      'Use the name of a program on the PATH, or an absolute path.',
    );
  const found = findOnPath(command, path);
  if (found !== undefined) return found;
  throw new BridgeError(
    'program_not_found',
    `there is no program ${JSON.stringify(command)} on the PATH of the gateway (${path})`,
    'Install it on the machine of the gateway, or use its absolute path.',
  );
}
