import { mkdirSync } from 'node:fs';
import type { BridgeFile } from '@mcpgw/registry/contract';
import { BridgeError } from '../bridge-error.ts';
import type { Caller } from '../connection/caller.ts';
import { createConnection, type Connection } from '../connection/create-connection.ts';
import { parseMessage, type NotificationMessage, type Params, type RpcError } from '../connection/message.ts';
import { expandEnvironment } from '../programs/expand-environment.ts';
import { findProgram } from '../programs/find-program.ts';
import type { OutputLine, OutputLog } from '../programs/output-log.ts';
import { startProgram, type RunningProgram } from '../programs/start-program.ts';

export interface ChildOptions {
  file: BridgeFile;
  /** What the client, or the bridge for many clients, sends as `initialize`. */
  initialize: Params;
  output: OutputLog;
  /** Of the bridge: where references are read from. */
  outerEnvironment: Record<string, string | undefined>;
  /** Added to the program's environment. */
  marks: () => Record<string, string>;
  /** Private folder of the server. */
  home: string;
  onNotification: (message: NotificationMessage) => void;
}

/** A program that passed its handshake. */
export interface Child {
  pid: number;
  startedAt: number;
  /** Result of its `initialize`. */
  initialized: Params;
  connection: Connection;
  /** Sends `notifications/initialized`, once; nothing else is sent before. */
  confirm: () => void;
  confirmed: Promise<unknown>;
  /** Resolves when it has ended, whoever ended it. */
  ended: Promise<BridgeError>;
  stop: () => Promise<void>;
  /** Ends it at once; its calls are answered with `error`. */
  kill: (error: BridgeError) => void;
}

const MAX_NOISE_BYTES = 8 * 1024 * 1024;
const NOBODY: Caller = { deliver: () => undefined };

function explainEnd(path: string, how: string, output: OutputLog): BridgeError {
  const said = output.tail(5);
  return new BridgeError(
    'program_ended',
    `the program of "${path}" ended (${how})${said === '' ? '' : `; its last output: ${said}`}`,
    'The next call starts it again. The page of the server shows its output.',
  );
}

interface Launched {
  running: RunningProgram;
  connection: Connection;
  /** Ends it at once, for this reason. */
  fail: (error: BridgeError) => void;
  failure: () => BridgeError | undefined;
}

/** Starts the program and connects its pipes. Throws BridgeError. */
async function launch(options: ChildOptions): Promise<Launched> {
  const { file: server, output } = options;
  const env = { ...expandEnvironment(server.env, options.outerEnvironment), ...options.marks() };
  const file = findProgram(server.program.command, env['PATH'] ?? '');
  mkdirSync(options.home, { recursive: true, mode: 0o700 });
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
  const running = await startProgram(
    { file, args: server.program.args, env, cwd: server.program.cwd ?? options.home },
    {
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
              `the program of "${server.path}" floods stdout with text that is no MCP message`,
              'stdout carries the protocol; the program must log to stderr.',
            ),
          );
      },
      output: log,
    },
  ).catch((error: unknown) => {
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
 * than `startTimeoutS`; nothing of it is left then.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { path, program } = options.file;
  const { running, connection, fail, failure } = await launch(options);
  options.output.add('bridge', running.pid, `started: ${[program.command, ...program.args].join(' ')}`);
  const ended = running.ended.then((how) => {
    options.output.add('bridge', running.pid, `ended (${how})`);
    const error = failure() ?? explainEnd(path, how, options.output);
    connection.end(error);
    return error;
  });
  const timeoutMs = program.process.startTimeoutS * 1_000;
  const request = { jsonrpc: '2.0' as const, id: 0, method: 'initialize', params: options.initialize };
  const outcome = await connection.request(NOBODY, request, timeoutMs);
  if ('error' in outcome) {
    fail(rejected(options, outcome.error));
    throw await ended;
  }
  const confirmed = Promise.withResolvers<undefined>();
  let isConfirmed = false;
  return {
    pid: running.pid,
    startedAt: Date.now(),
    initialized: outcome.result,
    connection,
    confirm() {
      if (isConfirmed) return;
      isConfirmed = true;
      connection.notify('notifications/initialized');
      confirmed.resolve(undefined);
    },
    confirmed: confirmed.promise,
    ended,
    stop: () => running.stop(),
    kill: fail,
  };
}

/** Why `initialize` has no result; where the program ended, what it ended with comes first. */
function rejected({ file, output }: ChildOptions, { message, code, data }: RpcError): BridgeError {
  const { reason } = (data ?? {}) as { reason?: string };
  if (reason !== 'call_timed_out')
    return new BridgeError(
      'program_failed',
      `the program of "${file.path}" rejects initialize: ${message} (${code})`,
      'See its output; it must speak MCP on stdin and stdout.',
    );
  const said = output.tail(5);
  return new BridgeError(
    'program_failed',
    `the program of "${file.path}" did not answer initialize within ${file.program.process.startTimeoutS} s${said === '' ? '' : `; its last output: ${said}`}`,
    'See its output; a download may need a larger "startTimeoutS".',
  );
}
