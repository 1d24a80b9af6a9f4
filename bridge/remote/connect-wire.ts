import { BridgeError } from '../bridge-error.ts';
import { createConnection } from '../connection/create-connection.ts';
import type { RpcError } from '../connection/message.ts';
import { initializeChild, type Child } from '../servers/child.ts';
import type { RemoteOptions, Target, Wire, WireEvents } from './wire.ts';

/** Opens the connection itself. Throws BridgeError. */
export type OpenWire = (target: Target, events: WireEvents) => Promise<Wire>;

/** The error that ends an idle connection. */
export const unused = (path: string): BridgeError =>
  new BridgeError('connection_lost', `"${path}" was idle for too long`, 'The next call opens a new connection.');

function explainRejection(path: string, timeoutMs: number, { message, code, data }: RpcError): BridgeError {
  const { reason } = (data ?? {}) as { reason?: string };
  if (reason === 'call_timed_out') {
    const seconds = Math.round(timeoutMs / 1_000);
    return new BridgeError(
      'unreachable',
      `the server of "${path}" did not answer initialize within ${seconds} s`,
      'The page of the server shows its address and health.',
    );
  }
  return new BridgeError(
    'broken_reply',
    `the server of "${path}" rejects initialize: ${message} (${code})`,
    'Check that its URL is that of an MCP server, and what it requires of clients.',
  );
}

/** Connects to a server of the protocol with sessions and initialises it. Throws BridgeError; the connection is then closed. */
export async function connectWire(open: OpenWire, options: RemoteOptions): Promise<Child> {
  const { target, output, timeoutMs } = options;
  const { path, callMs } = target.file;
  const ended = Promise.withResolvers<BridgeError>();
  const wired: { wire?: Wire } = {};
  let isOver = false;
  const connection = createConnection({
    write: (message) => wired.wire?.send(message) ?? false,
    callTimeoutMs: callMs,
    onNotification: options.onNotification,
  });
  const end = async (error: BridgeError) => {
    if (isOver) return;
    isOver = true;
    output.add('bridge', 0, `the connection ended: ${error.message}`);
    connection.end(error);
    await wired.wire?.close();
    ended.resolve(error);
  };
  wired.wire = await open(target, {
    receive(message) {
      if (!isOver) connection.receive(message);
    },
    lost: (error) => void end(error),
    noise: (text) => output.add('stdout', 0, text),
  });
  const link = {
    pid: 0,
    connection,
    ended: ended.promise,
    stop: () => end(unused(path)),
    kill: (error: BridgeError) => void end(error),
  };
  return initializeChild(link, {
    initialize: options.initialize,
    timeoutMs,
    explain: (error) => explainRejection(path, timeoutMs, error),
  });
}
