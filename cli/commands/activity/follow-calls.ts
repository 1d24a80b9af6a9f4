import { WebSocket } from 'ws';
import { liveMessage, type CallFilter, type CallView } from '@mcpgw/registry/contract';
import type { Api } from '../../api/index.ts';
import { CliError } from '../../program/cli-error.ts';
import { EXIT } from '../../program/exit-codes.ts';

const HANDSHAKE_MS = 15_000;
const LONGEST_PAUSE_MS = 10_000;

export interface Following {
  /** Called with the calls that were stored, oldest first, and the number of further calls that were omitted. */
  onCalls: (calls: CallView[], omitted: number) => void;
  onNote: (text: string) => void;
  signal: AbortSignal;
}

interface End {
  /** True once the gateway had accepted the connection. */
  wasOpen: boolean;
  error: CliError;
}

/** One connection of the live feed; resolves when it ends. Rejects with CliError if reconnecting would not help. */
function followOnce({ url, headers }: Api, filter: CallFilter, { onCalls, signal }: Following): Promise<End> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, {
      headers,
      handshakeTimeout: HANDSHAKE_MS,
      maxPayload: 64 * 1024 * 1024,
    });
    let wasOpen = false;
    const stop = (): void => socket.terminate();
    signal.addEventListener('abort', stop, { once: true });
    const end = (text: string): void => {
      signal.removeEventListener('abort', stop);
      resolve({
        wasOpen,
        error: new CliError(`the live feed of ${url} ended: ${text}`, { exitCode: EXIT.unreachable }),
      });
    };
    socket.on('open', () => {
      wasOpen = true;
      socket.send(JSON.stringify({ type: 'calls.follow', filter }));
    });
    socket.on('message', (data: Buffer) => {
      const parsed = liveMessage.safeParse(JSON.parse(data.toString()));
      if (!parsed.success) return;
      if (parsed.data.type === 'calls.stored') onCalls(parsed.data.calls, parsed.data.omitted);
      if (parsed.data.type !== 'calls.rejected') return;
      reject(new CliError(parsed.data.detail));
      socket.terminate();
    });
    socket.on('unexpected-response', (_request, response) => {
      const { statusCode = 0 } = response;
      const isDenied = statusCode === 401 || statusCode === 403;
      if (isDenied)
        reject(
          new CliError(`${url} refuses the live feed (${statusCode})`, {
            exitCode: EXIT.denied,
            hint: 'Sign in with "mcpgw login" as an operator or administrator.',
          }),
        );
      else end(`it responded with ${statusCode}`);
      socket.terminate();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      end(error.code ?? error.message);
    });
    socket.on('close', (code) => {
      end(`closed (${code})`);
    });
  });
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** Follows the calls until `signal` is aborted; reconnects when the registry was restarted. Throws CliError if the first connection fails. */
export async function followCalls(api: Api, filter: CallFilter, following: Following): Promise<void> {
  let waitMs = 500;
  for (let isFirst = true; !following.signal.aborted; isFirst = false) {
    const { wasOpen, error } = await followOnce(api, filter, following);
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it may be aborted while it waits
    if (following.signal.aborted) return;
    if (isFirst && !wasOpen) throw error;
    if (wasOpen) waitMs = 500;
    following.onNote(`${error.message}; reconnecting`);
    await pause(waitMs, following.signal);
    waitMs = Math.min(waitMs * 2, LONGEST_PAUSE_MS);
  }
}
