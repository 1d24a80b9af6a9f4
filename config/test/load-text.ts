import { ConfigError, loadConfig } from '../index.ts';

/** Variables and files of secrets, by name. */
export const references = (variables: Record<string, string> = {}, files: Record<string, string> = {}) => ({
  variable: (name: string) => variables[name],
  readFile(name: string) {
    const text = files[name];
    if (text === undefined) throw new Error('there is no such file');
    return text;
  },
});

/** Loads a configuration from a text. */
export const load = (file: string, text: string, refs = references(), isImport = false) =>
  loadConfig({ file, text, references: refs, isImport });

/** The lines of the error with which a text is refused. */
export function failuresOf(file: string, text: string, refs = references()): string[] {
  try {
    load(file, text, refs);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  throw new Error('it was accepted');
}
