import type { Command } from 'commander';
import { connectApi, type Api } from '../api/index.ts';
import { createOutput, type Output } from '../output/index.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  url?: string;
  keyFile?: string;
  json?: boolean;
}

/** What a command works with. */
export interface Context {
  env: NodeJS.ProcessEnv;
  options: GlobalOptions;
  output: Output;
  /** Connects to the REST API with the stored login or a key. Throws CliError if there is neither. */
  api: () => Promise<Api>;
}

/** Creates the context of one run. */
function createContext(options: GlobalOptions): Context {
  const { env } = process;
  return { env, options, output: createOutput(options.json === true), api: () => connectApi(options, env) };
}

/**
 * The action of a command: `run` receives the options of this command and its arguments, as the command declares them; a number that it returns
 * is the exit code, 0 otherwise.
 */
export function action(
  run: (context: Context, options: never, ...args: never[]) => Promise<unknown>,
): (this: Command) => Promise<void> {
  return async function (this: Command) {
    const context = createContext(this.optsWithGlobals());
    const code = await run(context, this.opts<never>(), ...(this.processedArgs as never[]));
    if (typeof code === 'number') process.exitCode = code;
  };
}
