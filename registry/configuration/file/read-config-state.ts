import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConfigError, loadConfig, type LoadedConfig, type References } from '@mcpgw/config';
import type { ConfigProblemView } from '../../contract/index.ts';
import { describeError, RegistryError } from '../../lib/errors.ts';

/** A file as it was read. */
export type FileState = { loaded: LoadedConfig } | { problems: ConfigProblemView[] };

/** Reads a configuration file; never throws for errors in it. */
export function readConfigState(file: string, references: References): FileState {
  try {
    return { loaded: loadConfig({ file, text: readFileSync(file, 'utf8'), references }) };
  } catch (error) {
    if (error instanceof ConfigError) return { problems: [...error.problems] };
    return { problems: [{ field: '', message: `${file} cannot be read: ${describeError(error)}` }] };
  }
}

/** The errors and warnings of a configuration, with line numbers. */
export function locateProblems(error: unknown, loaded: LoadedConfig): ConfigProblemView[] {
  if (!(error instanceof RegistryError) || error.errors === undefined)
    return [{ field: '', message: describeError(error) }];
  return error.errors.map((one) => ({ ...one, ...loaded.locate(one.field) }));
}

function stampOfFile(file: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(file);
    return `${ino} ${size} ${mtimeMs}`;
  } catch {
    return 'none';
  }
}

/** Differs when a file, or one that it refers to, may have changed. */
export function stampOf(file: string, referred: readonly string[]): string {
  return [file, ...referred.map((name) => resolve(dirname(file), name))].map(stampOfFile).join('|');
}
