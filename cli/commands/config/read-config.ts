import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConfigError, describeProblem, loadConfig, type LoadedConfig } from '@mcpgw/config';
import { readNamed } from '../../files/index.ts';
import { CliError, usageError } from '../../program/cli-error.ts';

const NAMES = ['mcpgw.config.json', 'mcpgw.config.yaml', 'mcpgw.config.yml'];

/** Chooses the file: the named one, else `mcpgw.config.{json,yaml,yml}` in this folder. Throws CliError. */
export function chooseFile(named: string | undefined): string {
  if (named !== undefined) return named;
  const found = NAMES.filter((name) => existsSync(name));
  if (found[0] !== undefined && found.length === 1) return found[0];
  throw usageError(
    found.length === 0 ? `there is no ${NAMES.join(', ')} in this folder` : `there are several: ${found.join(', ')}`,
    'Name the file: mcpgw config … <file>',
  );
}

/** Reads a configuration with the variables and files of this machine. Throws CliError with the line of each error. */
export function readConfig(file: string, env: NodeJS.ProcessEnv, isImport = false): LoadedConfig {
  const references = {
    variable: (name: string) => env[name],
    readFile: (name: string) => readFileSync(resolve(dirname(file), name), 'utf8'),
  };
  try {
    return loadConfig({ file, text: readNamed(file), references, isImport });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new CliError(error.message, {
      hint: 'Nothing was changed.',
      data: { title: `${file} is not valid`, errors: error.problems },
      cause: error,
    });
  }
}

/** Adds lines of the file to a failure in which the gateway named fields. */
export function locateFailure(thrown: unknown, file: string, loaded: LoadedConfig): unknown {
  const errors = thrown instanceof CliError ? (thrown.data as { errors?: unknown } | undefined)?.errors : undefined;
  if (!(thrown instanceof CliError) || !Array.isArray(errors) || errors.length === 0) return thrown;
  const problems = (errors as { field: string; message: string }[]).map(({ field, message }) => ({
    ...{ field: field.replace(/^document\./, ''), message },
    ...loaded.locate(field.replace(/^document\./, '')),
  }));
  const { hint, exitCode, data } = thrown;
  const text = problems.map((problem) => describeProblem(file, problem)).join('\n');
  return new CliError(text, { hint, exitCode, data: { ...data, errors: problems }, cause: thrown });
}
