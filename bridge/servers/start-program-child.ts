import { mkdirSync } from 'node:fs';
import type { BridgeFile } from '@mcpgw/registry/contract';
import { BridgeError } from '../bridge-error.ts';
import { confine, type Surroundings } from '../confinement/confine.ts';
import { explainConfinedEnd } from '../confinement/explain-confined-end.ts';
import { createConnection, type Connection } from '../connection/create-connection.ts';
import { parseMessage, type RpcError } from '../connection/message.ts';
import { expandEnvironment } from '../programs/expand-environment.ts';
import { findProgram } from '../programs/find-program.ts';
import type { OutputLine } from '../programs/output-log.ts';
import { startProgram, type ProgramStart, type RunningProgram } from '../programs/start-program.ts';
import { initializeChild, type Child, type StartOptions } from './child.ts';

/** Settings for all programs. */
export interface ProgramSettings {
  /** Environment of the bridge, in which references are looked up. */
  outerEnvironment: Record<string, string | undefined>;
  /** Added to the program's environment. */
  marks: () => Record<string, string>;
  /** What is hidden from confined programs, and where the confining programs are. */
  surroundings: Surroundings;
}

export interface ProgramOptions extends ProgramSettings, StartOptions {
  file: BridgeFile;
  /** Private folder of the server. */
  home: string;
}

const MAX_NOISE_BYTES = 8 * 1024 * 1024;

const CONFINED_TAIL = 20;

function explainEnd({ file, output }: ProgramOptions, how: string): BridgeError {
  const { path, program } = file;
  const confined = program.confinement === null ? undefined : explainConfinedEnd(file, output.tail(CONFINED_TAIL));
  if (confined !== undefined) return confined;
  const lastOutput = output.tail(5);
  return new BridgeError(
    'program_ended',
    `the program of "${path}" ended (${how})${lastOutput === '' ? '' : `; its last output: ${lastOutput}`}`,
    'The next call starts it again. The page of the server shows its output.',
  );
}

interface Launched {
  running: RunningProgram;
  connection: Connection;
  /** Ends it at once, with this error. */
  fail: (error: BridgeError) => void;
  failure: () => BridgeError | undefined;
}

/** Starts the program and connects its pipes. Throws BridgeError. */
async function launch(options: ProgramOptions): Promise<Launched> {
  const { file: server, output } = options;
  const env = { ...expandEnvironment(server.env, options.outerEnvironment), ...options.marks() };
  const file = findProgram(server.program.command, env['PATH'] ?? '');
  mkdirSync(options.home, { recursive: true, mode: 0o700 });
  const { args, confinement, cwd } = server.program;
  const plain: ProgramStart = { file, args, env, cwd: cwd ?? options.home };
  const start = confinement === null ? plain : confine(plain, server, confinement, options);
  let failure: BridgeError | undefined;
  let noiseBytes = 0;
  const pipe: { program?: RunningProgram } = {};
  const log = (stream: OutputLine['stream'], text: string) => output.add(stream, pipe.program?.pid ?? 0, text);
  const fail = (error: BridgeError) => {
    failure ??= error;
    pipe.program?.kill();
  };
  const connection = createConnection({
    write: (message) => pipe.program?.write(JSON.stringify(message)) ?? false,
    callTimeoutMs: server.program.process.callTimeoutS * 1_000,
    onNotification: options.onNotification,
  });
  const running = await startProgram(start, {
    line(text) {
      const message = parseMessage(text);
      if (message !== undefined) {
        noiseBytes = 0;
        connection.receive(message);
        return;
      }
      noiseBytes += text.length;
      log('stdout', text);
      if (noiseBytes > MAX_NOISE_BYTES)
        fail(
          new BridgeError(
            'program_failed',
            `the program of "${server.path}" floods stdout with text that is not an MCP message`,
            'stdout carries the protocol; the program must log to stderr.',
          ),
        );
    },
    output: log,
  }).catch((error: unknown) => {
    throw new BridgeError(
      'program_failed',
      `the program of "${server.path}" could not be started: ${(error as Error).message}`,
      'Correct command, arguments and working directory of the server.',
    );
  });
  pipe.program = running;
  return { running, connection, fail, failure: () => failure };
}

/**
 * Starts the program of a server and initialises it. Throws BridgeError when it cannot be started, ends, rejects `initialize` or takes longer
 * than `startTimeoutS`; its processes have then ended.
 */
export async function startProgramChild(options: ProgramOptions): Promise<Child> {
  const { program } = options.file;
  const { running, connection, fail, failure } = await launch(options);
  const confined = program.confinement === null ? '' : ' (confined)';
  options.output.add('bridge', running.pid, `started${confined}: ${[program.command, ...program.args].join(' ')}`);
  const ended = running.ended.then((how) => {
    options.output.add('bridge', running.pid, `ended (${how})`);
    const error = failure() ?? explainEnd(options, how);
    connection.end(error);
    return error;
  });
  const link = { pid: running.pid, connection, ended, stop: () => running.stop(), kill: fail };
  return initializeChild(link, {
    initialize: options.initialize,
    timeoutMs: program.process.startTimeoutS * 1_000,
    explain: (error) => explainRejection(options, error),
  });
}

function explainRejection({ file, output }: ProgramOptions, { message, code, data }: RpcError): BridgeError {
  const { reason } = (data ?? {}) as { reason?: string };
  if (reason !== 'call_timed_out')
    return new BridgeError(
      'program_failed',
      `the program of "${file.path}" rejects initialize: ${message} (${code})`,
      'See its output; it must speak MCP on stdin and stdout.',
    );
  const lastOutput = output.tail(5);
  return new BridgeError(
    'program_failed',
    `the program of "${file.path}" did not answer initialize within ${file.program.process.startTimeoutS} s${lastOutput === '' ? '' : `; its last output: ${lastOutput}`}`,
    'See its output; a download may need a larger "startTimeoutS".',
  );
}
