import { mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { isRunning } from '../../../scripts/start/supervise/is-running.ts';
import { readMachineState, requireInstallation, runBeside, runHere, type MachineState } from '../../machine/index.ts';
import { withProgress } from '../../output/index.ts';
import { CliError } from '../../program/cli-error.ts';
import { action, type Context } from '../../program/context.ts';
import { addExamples } from '../../program/examples.ts';
import { EXIT } from '../../program/exit-codes.ts';

interface Options {
  config?: string;
  host?: string;
  port?: string;
  logLevel?: string;
  demo?: boolean;
  tls?: string;
  metaMcp: boolean;
  detach?: boolean;
}
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
const READY_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 45_000;
const POLL_MS = 200;

function readPort(written: string): string {
  if (!/^\d{1,5}$/.test(written) || Number(written) < 1 || Number(written) > 65_535)
    throw new InvalidArgumentError('A port is a number from 1 to 65535.');
  return written;
}

/** Also accepts the spelling of other gateways: DEBUG, WARNING. */
function readLogLevel(written: string): string {
  const level = written.toLowerCase().replace(/^warning$/, 'warn');
  if (!LOG_LEVELS.includes(level)) throw new InvalidArgumentError(`It must be one of ${LOG_LEVELS.join(', ')}.`);
  return level;
}

const pause = (): Promise<void> => new Promise((done) => setTimeout(done, POLL_MS));

/** Starts the gateway in the background and returns when it has reported that it is ready. */
async function startInBackground(
  context: Context,
  script: string,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const before = await readMachineState(env);
  if (before.pid !== null)
    throw new CliError(`a gateway is already running on ${before.dataDir} (pid ${before.pid})`, {
      hint: '"mcpgw stop" stops it.',
    });
  mkdirSync(before.logDir, { recursive: true, mode: 0o700 });
  const file = join(before.logDir, 'start.log');
  const pid = await runBeside(script, args, env, openSync(file, 'w', 0o600));
  const readOutput = (): string => readFileSync(file, 'utf8').trimEnd();
  const until = Date.now() + READY_LIMIT_MS;
  await withProgress('Starting', async () => {
    while (!/^ready$/m.test(readOutput())) {
      if (!isRunning(pid))
        throw new CliError(`it did not start:\n${readOutput()}`, { hint: '"mcpgw doctor" checks for the cause.' });
      if (Date.now() > until)
        throw new CliError(`it is not ready after ${READY_LIMIT_MS / 1_000} s; its output is in ${file}`);
      await pause();
    }
  });
  // The file may contain a key that is shown once, so it is removed. Later output is lost; each process has its own log.
  const announcement = readOutput().replace(/\n?ready$/, '');
  rmSync(file);
  const state = await readMachineState(env);
  context.output.result(state, () => {
    context.output.text(announcement);
  });
}

async function start(
  context: Context,
  { config, host, port, logLevel, demo, tls, metaMcp, detach }: Options,
): Promise<number> {
  const script = join(requireInstallation(), 'scripts/start.sh');
  const env = {
    ...context.env,
    ...(config !== undefined && { MCPGW_CONFIG: resolve(config) }),
    ...(host !== undefined && { GATEWAY_HOST: host === 'localhost' ? '127.0.0.1' : host }),
    ...(port !== undefined && { GATEWAY_PORT: port }),
    ...(!metaMcp && { META_MCP: 'off' }),
    ...(logLevel !== undefined && { LOG_LEVEL: logLevel }),
  };
  const args = [...(demo === true ? ['--demo'] : []), ...(tls === undefined ? [] : [`--tls=${tls}`])];
  if (detach !== true) return runHere(script, args, { env, what: script });
  await startInBackground(context, script, args, env);
  return EXIT.done;
}

async function waitForEnd(env: NodeJS.ProcessEnv, { dataDir }: MachineState): Promise<void> {
  const until = Date.now() + STOP_LIMIT_MS;
  while ((await readMachineState(env)).pid !== null) {
    if (Date.now() > until)
      throw new CliError(`the gateway on ${dataDir} is still running after ${STOP_LIMIT_MS / 1_000} s`);
    await pause();
  }
}

async function stop({ env, output }: Context): Promise<void> {
  const state = await readMachineState(env);
  const { pid, dataDir } = state;
  if (pid !== null) {
    try {
      process.kill(pid, 'SIGTERM');
    } catch (error) {
      throw new CliError(`the gateway on ${dataDir} (pid ${pid}) cannot be stopped (${(error as Error).message})`, {
        hint: 'Run this as the user who started it, or as root.',
      });
    }
    await withProgress('Stopping', () => waitForEnd(env, state));
  }
  output.result({ dataDir, stopped: pid }, () => {
    output.text(pid === null ? `No gateway is running on ${dataDir}.` : `The gateway on ${dataDir} is stopped.`);
  });
}

/** `mcpgw start`, `mcpgw stop` */
export function addStartCommands(program: Command): void {
  const command = program
    .command('start')
    .summary('start a gateway on this machine')
    .description(
      'Starts a gateway: NGINX, the registry and the other services, in the foreground until Ctrl-C. Settings come from the environment and from mcpgw.config.json; the README lists them.',
    )
    .option('-c, --config <file>', 'file with settings (MCPGW_CONFIG)')
    .option('--host <address>', 'IP address that it listens on, in addition to loopback (GATEWAY_HOST)')
    .option('-p, --port <port>', 'port of the gateway (GATEWAY_PORT)', readPort)
    .addOption(
      new Option('--log-level <level>', 'how much is logged (LOG_LEVEL)').choices(LOG_LEVELS).argParser(readLogLevel),
    )
    .option('--demo', 'with a demo server, at /everything/mcp')
    .addOption(new Option('--tls <kind>', 'HTTPS with a certificate created locally, for development').choices(['dev']))
    .option('--no-meta-mcp', 'without the meta endpoint at /mcp (META_MCP=off)')
    .option('-d, --detach', 'in the background: return when it is ready')
    .action(action((context, options: Options) => start(context, options)));
  addExamples(
    command,
    ['mcpgw start --demo', 'a first gateway'],
    ['mcpgw start --detach --port 9000', 'in the background, at another port'],
    ['mcpgw start --host 127.0.0.1', 'for this machine only'],
    ['mcpgw start --config /etc/mcpgw/mcpgw.config.json', 'with settings from a file'],
  );
  const stopping = program
    .command('stop')
    .summary('stop the gateway on this machine')
    .description('Stops the gateway that runs on DATA_DIR and waits until all its processes have ended.')
    .action(action((context) => stop(context)));
  addExamples(
    stopping,
    ['mcpgw stop', 'the gateway on ./data'],
    ['DATA_DIR=/var/lib/mcpgw mcpgw stop', 'the gateway on another folder'],
  );
}
